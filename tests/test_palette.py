"""The colours of the default statuses are told apart by everybody."""

import itertools
import math
from collections.abc import Sequence

import pytest

from chalicelib.model.words import DEFAULT_STATUSES

Vector = Sequence[float]
Matrix = Sequence[Vector]

# What is seen of a colour in linear RGB, when one kind of cone is missing. Source:
# Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency" (2009), severity 1.0.
SEEN: dict[str, Matrix] = {
    "all three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Source: Ottosson, "A perceptual color space for image processing" (2020).
TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
# In OKLab a difference is just noticeable at 0.02 (CSS Color 4), side by side and in
# large fields. Pills are small and stand apart: six times that. A search found no seven
# beyond 0.16, and none that are pleasant beyond 0.13; those of before had 0.013.
APART = 0.12
OLD = ("#3b82f6", "#8b5cf6", "#10b981", "#f59e0b", "#059669", "#6b7280", "#ef4444")


def times(matrix: Matrix, vector: Vector) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def linear(color: str) -> list[float]:
    """sRGB without its gamma (IEC 61966-2-1)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def seen(color: str, by: str) -> list[float]:
    """A colour as somebody sees it, in OKLab: lightness counts as much as hue."""
    light = [min(max(part, 0), 1) for part in times(SEEN[by], linear(color))]
    return times(TO_LAB, [cone ** (1 / 3) for cone in times(TO_CONES, light)])


def nearest(colors: Sequence[str], by: str) -> tuple[float, str, str]:
    pairs = itertools.combinations(colors, 2)
    return min((math.dist(seen(a, by), seen(b, by)), a, b) for a, b in pairs)


@pytest.mark.parametrize("by", SEEN)
def test_no_two_default_statuses_look_alike(by: str) -> None:
    """To who has all three kinds of cones, and to who lacks one of them."""
    colors = [status.color for status in DEFAULT_STATUSES]
    assert len(colors) == 7
    distance, *pair = nearest(colors, by)
    assert distance >= APART, pair


def test_the_eyes_of_this_test_see() -> None:
    """White is white to everybody, red and green of the same lightness differ to who
    has all cones only; and the colours of before would not pass."""
    for by in SEEN:
        assert seen("#ffffff", by) == pytest.approx([1, 0, 0], abs=1e-3)
    red, green = "#d05030", "#8f8500"
    assert nearest((red, green), "all three cones")[0] > APART
    assert nearest((red, green), "deuteranopia")[0] < APART / 2
    assert nearest(OLD, "deuteranopia")[0] < 0.02
