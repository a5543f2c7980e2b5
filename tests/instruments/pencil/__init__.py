"""The shipped procedures recomputed without the product: formulas written again by hand, differentiated by differences.

Nothing here imports the product. `Rows` of a table are (value, u, effective degrees of freedom) in the unit of the
budget; readings come as the plain JSON of a READINGS file. The coverage factor is Student's for 95.45 %, degrees of
freedom truncated (JCGM 100:2008, G.4).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.instruments.pencil.common import Plain, Row, air, coverage_factor, water
from tests.instruments.pencil.electricity import multimeter
from tests.instruments.pencil.length import calliper_jaws, gauge_block, micrometer
from tests.instruments.pencil.mass import scale_calibration, scale_verification, weight_verification
from tests.instruments.pencil.pressure import digital_gauge, pressure_gauge, sphygmomanometer
from tests.instruments.pencil.temperature import iec60751, pt100, thermometer_bath
from tests.instruments.pencil.vehicles import taximeter
from tests.instruments.pencil.volume import fuel_dispenser, micropipette, volumetric_measure, water_meter

__all__ = ["PENCIL", "air", "coverage_factor", "iec60751", "water"]

PENCIL: dict[str, Callable[[Plain], dict[str, list[Row]]]] = {
    "calliper-jaws": calliper_jaws,
    "digital-pressure-gauge": digital_gauge,
    "fuel-dispenser": fuel_dispenser,
    "gauge-block": gauge_block,
    "micrometer": micrometer,
    "micropipette": micropipette,
    "multimeter": multimeter,
    "pressure-gauge-calibration": pressure_gauge,
    "pt100": pt100,
    "scale-calibration": scale_calibration,
    "scale-verification": scale_verification,
    "sphygmomanometer": sphygmomanometer,
    "taximeter": taximeter,
    "thermometer-bath": thermometer_bath,
    "volumetric-measure": volumetric_measure,
    "water-meter": water_meter,
    "weight-verification": weight_verification,
}
"""Name of a shipped procedure -> its recomputation."""
