import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.drt.core.capacity import LARGEST_AMOUNT, Capacity, fits
from tests.drt.core_town import unhurried

amounts = st.integers(0, 40) | st.integers(0, LARGEST_AMOUNT // 2)
capacities = st.builds(Capacity, amounts, amounts, amounts, amounts)


@unhurried
@given(load=capacities, party=capacities, layouts=st.lists(capacities, min_size=1, max_size=4))
def test_a_packed_load_fits_exactly_when_every_lane_fits(
    load: Capacity, party: Capacity, layouts: list[Capacity]
) -> None:
    total = load + party
    packed = np.array([layout.packed for layout in layouts] + [-1])
    assert fits(load.packed + party.packed, packed) == any(
        total.fits_in(layout) for layout in layouts
    )


@pytest.mark.parametrize("amount", [-1, LARGEST_AMOUNT + 1])
def test_it_refuses_amounts_that_a_lane_cannot_hold(amount: int) -> None:
    with pytest.raises(ValueError, match="Amounts"):
        Capacity(seats=amount)


def test_it_names_what_a_vehicle_has_too_little_of() -> None:
    party = Capacity(seats=2, wheelchair_bays=1, luggage=3)
    assert party.exceeds(Capacity(seats=8, luggage=2)) == ("wheelchair_bays", "luggage")
