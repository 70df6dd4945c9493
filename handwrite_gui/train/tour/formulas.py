"""The formulas of the tour, as LaTeX and in words.

``scripts/make_formulas.py`` draws them into ``resources/formulas``; see
docs/decisions for why they are drawn beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Formula:
    """One line of mathematics.

    Attributes:
        latex: its source.
        words: the same for who hears instead of seeing it.
    """

    latex: str
    words: str


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "softmax": Formula(
            r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}",
            "p k equals e to the z k, divided by the sum over all j of e to the z j",
        ),
        "cross-entropy": Formula(
            r"L = -\ln p_y",
            "L equals minus the natural logarithm of p y",
        ),
        "softmax-gradient": Formula(
            r"\frac{\partial L}{\partial z_k} = p_k - [k = y]",
            "the derivative of L by z k equals p k, minus one if k is y",
        ),
        "layer": Formula(
            r"z^l = a^{l-1} W^l + b^l, \quad a^l = f(z^l)",
            "z of layer l equals a of layer l minus 1 times W plus b; a of layer l equals f of z",
        ),
        "delta-output": Formula(
            r"\delta^L = p - y",
            "delta of the last layer equals p minus y",
        ),
        "delta-hidden": Formula(
            r"\delta^l = \left(\delta^{l+1} (W^{l+1})^\top\right) \odot f'(z^l)",
            "delta of layer l equals delta of the next layer times its W transposed, times f prime "
            "of z of layer l, element by element",
        ),
        "weight-gradient": Formula(
            r"\frac{\partial L}{\partial W^l} = (a^{l-1})^\top \delta^l, \quad "
            r"\frac{\partial L}{\partial b^l} = \delta^l",
            "the derivative of L by W of layer l equals a of the layer before transposed times "
            "delta of layer l; the derivative by b equals delta",
        ),
        "central-difference": Formula(
            r"\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}",
            "the derivative of L by w is about L at w plus h, minus L at w minus h, divided by 2 h",
        ),
        "zero": Formula(
            r"W = 0 \;\Rightarrow\; \delta^l = (\delta^{l+1}\, 0) \odot f'(z^l) = 0",
            "if all weights are zero, delta of every hidden layer is zero",
        ),
        "update": Formula(
            r"W \leftarrow W - \eta\, \frac{\partial L}{\partial W}",
            "W becomes W minus eta times the derivative of L by W",
        ),
        "sigmoid": Formula(
            r"\sigma(z) = \frac{1}{1 + e^{-z}}",
            "sigma of z equals 1 divided by 1 plus e to the minus z",
        ),
        "sigmoid-slope": Formula(
            r"\sigma'(z) = \sigma(z) \left(1 - \sigma(z)\right) \leq \frac{1}{4}",
            "sigma prime of z equals sigma of z times 1 minus sigma of z, which is at most a "
            "quarter",
        ),
        "xavier": Formula(
            r"\mathrm{Var}(w) = \frac{2}{n_\mathrm{in} + n_\mathrm{out}}",
            "the variance of w equals 2 divided by the sum of n in and n out",
        ),
        "he": Formula(
            r"\mathrm{Var}(w) = \frac{2}{n_\mathrm{in}}",
            "the variance of w equals 2 divided by n in",
        ),
        "unit": Formula(
            r"z_j = \sum_i x_i w_{ij} + b_j",
            "z j equals the sum over all i of x i times w i j, plus b j",
        ),
        "confusion": Formula(
            r"C_{ij} = \left|\{\, n : y_n = i,\; \hat{y}_n = j \,\}\right|",
            "C i j is how many samples of class i are read as j",
        ),
        "precision": Formula(
            r"\mathrm{precision}_k = \frac{C_{kk}}{\sum_i C_{ik}}",
            "precision of k equals C k k divided by the sum of column k",
        ),
        "recall": Formula(
            r"\mathrm{recall}_k = \frac{C_{kk}}{\sum_j C_{kj}}",
            "recall of k equals C k k divided by the sum of row k",
        ),
    }
)
