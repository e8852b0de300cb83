"""The exact worst case near a picture, found by a solver for mixed-integer linear programs."""

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from lessons.proofs.bounds import box, leads
from lessons.proofs.two_layers import TwoLayers
from tricknet.arrays import Doubles, Picture


def worst(network: TwoLayers, picture: Picture, answer: int, epsilon: float) -> tuple[float, Doubles]:
    """The smallest lead of the right score over any other within epsilon, to the solver's tolerance, and where.

    A program for mixed integers finds it: each hidden unit that may be on or off is a choice (Tjeng et al. 2017).
    Returns a lead that no picture there goes below, and the worst picture found, which may have fractions.
    """
    (first, scores), x = network, picture.ravel().astype(float)
    least_of, most_of = box(x, epsilon)
    low, high = first.bounds(least_of, most_of)
    low, high = np.minimum(low, 0), np.maximum(high, 0)  # so that a unit that is always off (or on) has no room
    values, units = len(x), len(low)
    one, none = np.eye(units), np.zeros((units, values))
    # What is looked for: the values, then what each unit gives (at least 0), then whether it is on (0 or 1).
    rules = [
        LinearConstraint(np.hstack([-first.weights, one, np.zeros((units, units))]), lb=first.bias),
        LinearConstraint(np.hstack([-first.weights, one, np.diag(-low)]), ub=first.bias - low),
        LinearConstraint(np.hstack([none, one, np.diag(-high)]), ub=np.zeros(units)),
    ]
    limits = Bounds(
        np.concatenate([least_of, np.zeros(units), (low == 0).astype(float) * (high > 0)]),
        np.concatenate([most_of, high, (high > 0).astype(float)]),
    )
    whole = np.concatenate([np.zeros(values + units), np.ones(units)])
    smallest, at, (least,) = np.inf, x, leads(network, picture[None], np.array([answer]), epsilon)
    for rival in np.argsort(least):
        if rival == answer or least[rival] >= smallest:
            continue  # the proof says that this one does not come nearer
        ahead = np.concatenate([np.zeros(values), scores.weights[answer] - scores.weights[rival], np.zeros(units)])
        solution: Any = milp(ahead, integrality=whole, bounds=limits, constraints=rules)
        if not solution.success:
            raise ArithmeticError(f"The worst case was not found: {solution.message}")
        # The solver's lower bound: its best picture may not be the very worst one.
        lead = float(solution.mip_dual_bound + scores.bias[answer] - scores.bias[rival])
        if lead < smallest:
            smallest, at = lead, solution.x[:values]
    return smallest, at.reshape(picture.shape)
