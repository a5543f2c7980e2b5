"""One-way analysis of variance of grouped readings (GUM H.5), in exact arithmetic, and its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from uncertainty.documents import Reader, checked_numbers, open_document
from uncertainty.errors import InputError
from uncertainty.exact import fraction, root
from uncertainty.notes import note
from uncertainty.number_range import within_doubles


@dataclass(frozen=True, slots=True)
class Groups:
    """What an analysis needs of J groups: their sizes n_j, means, and squared deviations inside them."""

    sizes: tuple[int, ...]
    means: tuple[Fraction, ...]
    within: Fraction
    """Σ over all groups of the squared deviations from the group's own mean."""

    def __post_init__(self) -> None:
        if len(self.sizes) < 2:
            raise InputError("groups", vi="cần ít nhất 2 nhóm", en="expected at least 2 groups")
        if sum(self.sizes) == len(self.sizes):
            raise InputError(
                "groups",
                vi="cần ít nhất một nhóm có từ 2 số đọc",
                en="expected at least one group with 2 readings or more",
            )

    @classmethod
    def of_readings(cls, groups: Sequence[Sequence[float]]) -> Groups:
        """From J lists of readings, each of at least one, in one unit."""
        exact = [[fraction(reading) for reading in group] for group in groups]
        means = [sum(group, Fraction(0)) / len(group) for group in exact]
        within = sum(
            ((reading - mean) ** 2 for group, mean in zip(exact, means, strict=True) for reading in group), Fraction(0)
        )
        return cls(tuple(map(len, exact)), tuple(means), within)

    @classmethod
    def of_summaries(cls, means: Sequence[float], standard_deviations: Sequence[float], size: int) -> Groups:
        """From the means and experimental standard deviations of J groups of `size` readings."""
        within = (size - 1) * sum((fraction(s) ** 2 for s in standard_deviations), Fraction(0))
        return cls((size,) * len(means), tuple(map(fraction, means)), within)


@dataclass(frozen=True, slots=True)
class Anova:
    """Between and within groups, in the unit of the readings (GUM H.5.2)."""

    mean: float
    """Mean of the group means, each group counting once."""
    standard_deviation_of_group_means: float
    f: float | None
    """s_a²/s_b²; None when the readings inside the groups do not scatter at all."""
    f_critical: float
    """Quantile of F at 1 − significance."""
    p_value: float | None
    """Probability of so large an F when the groups do not differ."""
    between_groups_standard_deviation: float
    """s_B, 0 when the groups differ by less than their scatter explains."""
    within_groups_standard_deviation: float
    """s_W, pooled."""
    standard_uncertainty_of_mean: float
    """Standard deviation of the group means over √J: right whether or not the groups differ (H.5.2.5)."""
    pooled_standard_uncertainty_of_mean: float
    """Uncertainty of the mean if the groups do not differ, from all N readings, N − 1 degrees of freedom."""
    dof: tuple[int, int]
    """(between, within) = (J − 1, N − J)."""


def analyse(groups: Groups, significance: float = 0.05) -> Anova:
    """Test whether groups differ at a level of `significance`, and estimate both components of variance.

    Groups of different sizes are weighed by them in F; s_B² = (s_a² − s_b²)/n₀ with n₀ = (N − Σn_j²/N)/(J − 1).
    """
    from scipy.special import fdtrc, fdtri

    sizes, means, count = groups.sizes, groups.means, len(groups.sizes)
    total = sum(sizes)
    weighted = sum((n * mean for n, mean in zip(sizes, means, strict=True)), Fraction(0)) / total
    between = sum((n * (mean - weighted) ** 2 for n, mean in zip(sizes, means, strict=True)), Fraction(0))
    mean = sum(means, Fraction(0)) / count
    of_means = sum(((one - mean) ** 2 for one in means), Fraction(0)) / (count - 1)
    dof = (count - 1, total - count)
    s_a, s_b = between / dof[0], groups.within / dof[1]
    typical = (total - Fraction(sum(n * n for n in sizes), total)) / dof[0]
    f = float(s_a / s_b) if s_b else None
    return Anova(
        mean=float(mean),
        standard_deviation_of_group_means=root(of_means),
        f=f,
        f_critical=float(fdtri(*dof, 1 - significance)),
        p_value=None if f is None else float(fdtrc(*dof, f)),
        between_groups_standard_deviation=root(max(Fraction(0), (s_a - s_b) / typical)),
        within_groups_standard_deviation=root(s_b),
        standard_uncertainty_of_mean=root(of_means / count),
        pooled_standard_uncertainty_of_mean=root((between + groups.within) / (total - 1) / total),
        dof=dof,
    )


@within_doubles
def calculate_document(document: Mapping[str, object]) -> dict[str, object]:
    """Result of an `anova` document (docs/engine.md); `InputError` names what is wrong."""
    keys = ("groups", "group_means", "group_standard_deviations", "group_size", "significance")
    reader = open_document(document, "anova", ("title", "note", "unit", *keys))
    significance = reader.number("significance", 0.05, above=0, below=1)
    groups = _read(reader)
    found = analyse(groups, significance)
    return {
        "mean": found.mean,
        "standard_deviation_of_group_means": found.standard_deviation_of_group_means,
        "F": found.f,
        "F_critical": found.f_critical,
        "p_value": found.p_value,
        "between_groups_standard_deviation": found.between_groups_standard_deviation,
        "within_groups_standard_deviation": found.within_groups_standard_deviation,
        "standard_uncertainty_of_mean": found.standard_uncertainty_of_mean,
        "pooled_standard_uncertainty_of_mean": found.pooled_standard_uncertainty_of_mean,
        "dof": list(found.dof),
        "notes": _remarks(found, groups, significance),
    }


def _read(reader: Reader) -> Groups:
    summaries = ("group_means", "group_standard_deviations", "group_size")
    if "groups" in reader:
        double = [key for key in summaries if key in reader]
        if double:
            raise InputError(
                double[0],
                vi="chỉ nêu groups, hoặc group_means cùng group_standard_deviations và group_size",
                en="state groups, or group_means with group_standard_deviations and group_size, not both",
            )
        return Groups.of_readings([checked_numbers(raw, path) for path, raw in reader.elements("groups")])
    if not any(key in reader for key in summaries):
        raise InputError(
            "groups",
            vi="thiếu: cần groups, hoặc group_means cùng group_standard_deviations và group_size",
            en="missing: expected groups, or group_means with group_standard_deviations and group_size",
        )
    means = reader.numbers("group_means", at_least=2)
    spreads = reader.numbers("group_standard_deviations", at_least=2)
    if len(spreads) != len(means):
        raise InputError(
            "group_standard_deviations",
            vi=f"có {len(spreads)} số, group_means có {len(means)}",
            en=f"{len(spreads)} numbers, but group_means has {len(means)}",
        )
    for position, spread in enumerate(spreads):
        if spread < 0:
            raise InputError(
                f"group_standard_deviations.{position}",
                vi=f"độ lệch chuẩn không âm, nhưng gặp {spread:g}",
                en=f"a standard deviation is not negative, found {spread:g}",
            )
    return Groups.of_summaries(means, spreads, reader.integer("group_size", at_least=2))


def _remarks(found: Anova, groups: Groups, significance: float) -> list[str]:
    notes: list[str] = []
    if found.f is None:
        notes.append(
            note(
                "các số đọc trong nhóm không phân tán: F và p_value là null",
                "the readings inside the groups do not scatter: F and p_value are null",
            )
        )
    elif found.f > found.f_critical:
        notes.append(
            note(
                f"các nhóm khác nhau ở mức ý nghĩa {significance:g}",
                f"the groups differ at the significance level {significance:g}",
            )
        )
    else:
        notes.append(
            note(
                f"không thấy khác nhau giữa các nhóm ở mức ý nghĩa {significance:g}; có thể dùng độ không đảm bảo gộp",
                f"no difference between the groups at the significance level {significance:g}; "
                "the pooled uncertainty may be used",
            )
        )
    if len(set(groups.sizes)) > 1:
        notes.append(
            note(
                "các nhóm có số lần đọc khác nhau: giá trị trung bình là trung bình của các trung bình nhóm",
                "the groups differ in size: the mean is that of the group means",
            )
        )
    return notes
