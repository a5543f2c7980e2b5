"""Chuẩn LIMS: from reception to the signed certificate."""

__version__ = "0.1.0"
