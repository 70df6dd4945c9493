"""The one stylesheet of the application, made from the tokens.

Widgets choose a variant by a dynamic property: ``QPushButton[variant="primary|quiet|danger"]``,
``QLabel[role="display|title|heading|muted|mono|danger"]``, ``QFrame[role="card"]``.
"""

from __future__ import annotations

from string import Template

from handwrite_gui.engine.resources import resource_path
from handwrite_gui.theme.tokens import DARK, Tokens

# Numbers stand at the right of their field: Qt ignores the padding at a spin box's left.
_TEMPLATE = Template("""
QToolTip { background: $surface_raised; color: $text; border: 1px solid $border_strong;
           padding: 4px 8px; }

QLabel[role="display"] { font-size: ${display}pt; font-weight: 600; }
QLabel[role="title"]   { font-size: ${title}pt; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading}pt; font-weight: 600; }
QLabel[role="muted"]   { color: $text_muted; }
QLabel[role="danger"]  { color: $danger; }
QLabel[role="mono"]    { font-family: "JetBrains Mono", "Cascadia Mono", "SF Mono",
                                      "Noto Sans Mono", "DejaVu Sans Mono", monospace; }

QFrame[role="card"] { background: $surface; border: 1px solid $border;
                      border-radius: ${radius}px; }
QFrame[role="separator"] { background: $border; border: none; max-height: 1px; min-height: 1px; }

QPushButton { background: $surface; color: $text; border: 1px solid $border_strong;
              border-radius: ${radius_small}px; padding: 6px 14px; min-height: 18px; }
QPushButton:hover { background: $surface_raised; }
QPushButton:pressed { background: $border; }
QPushButton:checked { background: $accent_soft; border-color: $accent; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $border_strong; border-color: $border; background: transparent; }
QPushButton[variant="primary"] { background: $accent; color: $accent_text;
                                 border-color: $accent; font-weight: 600; }
QPushButton[variant="primary"]:hover, QPushButton[variant="primary"]:pressed
    { background: $accent_hover; border-color: $accent_hover; }
QPushButton[variant="primary"]:focus { border: 2px solid $text; }
QPushButton[variant="primary"]:disabled { background: $surface_raised; color: $border_strong;
                                          border-color: $border; }
QPushButton[variant="quiet"] { background: transparent; border-color: transparent; }
QPushButton[variant="quiet"]:hover { background: $surface_raised; }
QPushButton[variant="quiet"]:checked { background: $accent_soft; }
QPushButton[variant="quiet"]:focus { border: 2px solid $accent; }
QPushButton[variant="danger"] { color: $danger; border-color: $danger; }
QPushButton[variant="danger"]:hover { background: $danger_soft; }
QPushButton[variant="danger"]:disabled { color: $border_strong; border-color: $border; }
QPushButton::menu-indicator { image: url("$chevron_down"); width: 12px; right: 8px; }

QToolButton { background: transparent; color: $text; border: 2px solid transparent;
              border-radius: ${radius_small}px; padding: 5px; }
QToolButton:hover { background: $surface_raised; }
QToolButton:pressed { background: $border; }
QToolButton:checked { background: $accent_soft; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $border_strong; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $surface; color: $text; border: 1px solid $border_strong;
    border-radius: ${radius_small}px; selection-background-color: $accent;
    selection-color: $accent_text; }
QLineEdit, QComboBox { padding: 5px 8px; min-height: 18px; }
QSpinBox, QDoubleSpinBox { padding: 5px 0; min-height: 18px; }
QPlainTextEdit, QTextEdit { padding: 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus { border: 2px solid $accent; }
QLineEdit:focus, QComboBox:focus { padding: 4px 7px; }
QSpinBox:focus, QDoubleSpinBox:focus { padding: 4px 0; }
QAbstractSpinBox { qproperty-alignment: "AlignRight | AlignVCenter"; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QAbstractSpinBox QLineEdit:disabled
    { background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox QLineEdit, QComboBox QLineEdit:focus, QComboBox QLineEdit:disabled
    { background: transparent; border: none; padding: 0; min-height: 0; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 5px; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled,
QPlainTextEdit:disabled, QTextEdit:disabled
    { color: $border_strong; background: $window; border-color: $border; }
QLineEdit[invalid="true"], QComboBox[invalid="true"]
    { border: 2px solid $danger; padding: 4px 7px; }
QSpinBox[invalid="true"], QDoubleSpinBox[invalid="true"]
    { border: 2px solid $danger; padding: 4px 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$chevron_down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border_strong;
    selection-background-color: $accent_soft; selection-color: $text; outline: none;
    padding: 4px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; border: none;
    width: 24px; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right;
    border: none; width: 24px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$chevron_up"); width: 10px;
    height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$chevron_down"); width: 10px;
    height: 10px; }

QCheckBox, QRadioButton { spacing: 8px; padding: 3px; border: 2px solid transparent;
                          border-radius: ${radius_small}px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $border_strong; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px;
    border: 1px solid $border_strong; background: $surface; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
                               image: url("$check"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent;
                                  image: url("$dot"); }

QSlider:horizontal { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 16px; height: 16px; margin: -7px 0; border-radius: 9px;
                             background: $surface; border: 2px solid $accent; }
QSlider::handle:horizontal:focus { background: $accent; }

QProgressBar { background: $surface_raised; border: none; border-radius: 3px; max-height: 6px;
               min-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $text_muted; padding: 7px 14px;
               border: 2px solid transparent; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:focus { border-color: $accent; border-radius: 4px; }

QGroupBox { border: none; margin-top: 20px; padding: 0; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0; }

QListView, QTreeView, QTableView { background: $surface; border: 1px solid $border;
    border-radius: ${radius_small}px; outline: none; selection-background-color: $accent_soft;
    selection-color: $text; gridline-color: $border; }
QListView:focus, QTreeView:focus, QTableView:focus { border: 2px solid $accent; }
QListView::item { padding: 4px 6px; border-radius: 4px; }
QListView::item:hover { background: $surface_raised; }
QListView::item:selected { background: $accent_soft; color: $text; }
QHeaderView::section { background: $surface; color: $text_muted; border: none;
    border-bottom: 1px solid $border; padding: 5px 8px; }

QMenuBar { background: $window; border-bottom: 1px solid $border; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: $surface_raised; }
QMenu { background: $surface; border: 1px solid $border_strong; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $border_strong; }
QMenu::separator { height: 1px; background: $border; margin: 6px 8px; }

QStatusBar { background: $window; color: $text_muted; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QToolBar { background: transparent; border: none; spacing: 4px; padding: 0; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent_soft; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

#rail { background: $window; border: none; border-right: 1px solid $border; }
#rail QToolButton { color: $text_muted; font-weight: 500; padding: 8px 4px 6px 4px;
                    border-radius: ${radius}px; }
#rail QToolButton:checked { color: $text; background: $accent_soft; }
#rail QToolButton:focus { border-color: $accent; }

#messageBar { border: none; border-bottom: 1px solid $border; background: $danger_soft; }
#messageBar[severity="warning"] { background: $warning_soft; }
#messageBar[severity="info"] { background: $accent_soft; }
""")


def stylesheet(tokens: Tokens, point_size: float) -> str:
    """The stylesheet of one theme.

    Args:
        tokens: the theme's values.
        point_size: of the body text; the other sizes keep their ratio to it.
    """
    tone = "dark" if tokens is DARK else "light"
    values: dict[str, object] = {
        name: getattr(tokens, name) for name in tokens.__slots__ if name != "series"
    }
    values |= {
        "display": round(point_size * 3.2, 1),
        "title": round(point_size * 1.6, 1),
        "heading": round(point_size * 1.15, 1),
    }
    # Stylesheets cannot tint an image, so each of these marks ships in two colours.
    for mark in ("chevron-down", "chevron-up", "check", "dot"):
        path = resource_path(f"icons/controls/{mark}-{tone}.svg")
        values[mark.replace("-", "_")] = path.as_posix()
    return _TEMPLATE.substitute(values)
