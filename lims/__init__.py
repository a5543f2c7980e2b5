"""Chuẩn LIMS: from reception to the signed certificate."""

__version__ = "0.2.0"
