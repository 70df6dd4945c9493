"""Widgets that several views show."""
