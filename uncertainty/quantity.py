"""A value that carries its unit: sums need one dimension, products make a new unit, temperatures keep their zero."""

from __future__ import annotations

from dataclasses import dataclass

from uncertainty.units import Unit, UnitError, check_alike, convert, convert_interval, unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in `unit`. Every operation that has no meaning raises `UnitError` and names both units.

    On a temperature scale (°C, °F) a reading and a difference are told apart: 20 °C + 0.5 K and 20 °C + 0.5 °C (a
    correction) are 20.5 °C, 20.5 °C − 20 °C is 0.5 K, and a reading has no multiples.
    """

    value: float
    unit: Unit

    @classmethod
    def of(cls, value: float, label: str) -> Quantity:
        """From a label such as `kPa`."""
        return cls(value, unit(label))

    def to(self, target: Unit | str) -> Quantity:
        """The same quantity in another unit of its dimension, converted exactly and rounded once."""
        wanted = unit(target) if isinstance(target, str) else target
        return Quantity(convert(self.value, self.unit, wanted), wanted)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.value + self._difference(other), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        if self.unit.offset and other.unit.offset:
            check_alike(self.unit, other.unit)
            kelvin = unit("K")
            return Quantity(convert_interval(self.value - other.to(self.unit).value, self.unit, kelvin), kelvin)
        return Quantity(self.value - self._difference(other), self.unit)

    def __neg__(self) -> Quantity:
        return Quantity(-self.value, self.unit)

    def __mul__(self, other: Quantity | float) -> Quantity:
        factor = _as_quantity(other)
        self._check_multiple(factor)
        return Quantity(self.value * factor.value, self.unit * factor.unit)

    def __truediv__(self, other: Quantity | float) -> Quantity:
        divisor = _as_quantity(other)
        self._check_multiple(divisor)
        return Quantity(self.value / divisor.value, self.unit / divisor.unit)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit.symbol}"

    def _difference(self, other: Quantity) -> float:
        """`other` as a difference in the unit of self."""
        check_alike(self.unit, other.unit)
        if other.unit.offset and other.unit != self.unit:
            raise UnitError(
                vi=f"không rõ {other.unit.symbol} là nhiệt độ hay hiệu nhiệt độ khi cộng với {self.unit.symbol}; "
                "hãy đổi về cùng đơn vị",
                en=f"beside {self.unit.symbol} it is not clear whether {other.unit.symbol} is a temperature or a "
                "difference; convert to one unit first",
            )
        return convert_interval(other.value, other.unit, self.unit)

    def _check_multiple(self, other: Quantity) -> None:
        for one in (self, other):
            if one.unit.offset:
                raise UnitError(
                    vi=f"không nhân, chia được nhiệt độ theo {one.unit.symbol}; hãy đổi sang K",
                    en=f"a temperature in {one.unit.symbol} cannot be multiplied or divided; convert it to K",
                )


def _as_quantity(given: Quantity | float) -> Quantity:
    return given if isinstance(given, Quantity) else Quantity(given, unit("1"))
