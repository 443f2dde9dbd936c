"""One doctor against prices: on which of the days to be called, keeping spacing, weekly limit, count and evenness."""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.tables import Floats, Ints, Tables

NEVER = -1e18


class DoctorDesk(NamedTuple):
    """Room for the calls on one doctor."""

    node: Ints  # options, one a day
    pins: Ints
    value: Floats  # (node, number of the call, calls of its week, calls of its period)
    came: Ints


def doctor_desk(tables: Tables) -> DoctorDesk:
    """Room for any doctor."""
    nodes = min(int(np.diff(tables.need["first_option"]).max(initial=0)), tables.date.size - 1)
    weeks, periods = int(tables.need["per_week"].max()) + 1, int(tables.window_left.max(initial=0)) + 1
    shape = (nodes, min(nodes, int(tables.need["calls_left"].max())), weeks, periods)
    return DoctorDesk(
        np.empty(nodes, np.int64), np.empty(nodes + 1, np.int64), np.empty(shape), np.empty(shape, np.int64)
    )


@kernel
def _cheapest_of_each_day(tables, doctor, price, node):
    """One option a day, the cheapest; returns how many."""
    count = 0
    for option in range(tables.need[doctor].first_option, tables.need[doctor + 1].first_option):
        if count and tables.option[node[count - 1]].day == tables.option[option].day:
            if price[option] < price[node[count - 1]]:
                node[count - 1] = option
        else:
            node[count] = option
            count += 1
    return count


@kernel
def _week_limit_binds(tables, doctor):
    """Whether the weekly limit says more than spacing does."""
    for week in range(tables.frame[0].weeks):
        if tables.week_used[doctor, week]:
            return True
    return -(-tables.frame[0].longest_week // tables.need[doctor].spacing) > tables.need[doctor].per_week


@kernel
def best_days(tables, doctor, price, chosen, desk):
    """The best set of calls on a doctor when each costs its price.

    price    option -> price
    chosen   out: the options
    returns  what they earn (value and evenness above prices) and how many they are

    A dynamic programme over the last call: its day, its number, the calls of its week and of its period of evenness.
    """
    begin, end = tables.need[doctor].first_option, tables.need[doctor + 1].first_option
    if begin == end:
        return 0.0, 0
    node, pins, value, came = desk
    nodes = _cheapest_of_each_day(tables, doctor, price, node)
    most = min(tables.need[doctor].calls_left, nodes)
    pins[0] = 0  # how many pinned ones come before
    for j in range(nodes):
        pins[j + 1] = pins[j] + tables.option[node[j]].pinned
    weeks = tables.need[doctor].per_week + 1 if _week_limit_binds(tables, doctor) else 1
    periods = 1
    for period in range(tables.window_left.shape[1]):
        periods = max(periods, tables.window_left[doctor, period] + 1)
    for j in range(nodes):
        for number in range(most):
            for used in range(weeks):
                value[j, number, used, :periods] = NEVER
    best, best_at = (0.0, -1) if pins[nodes] == 0 else (NEVER, -1)
    for j in range(nodes):
        option = node[j]
        day = tables.option[option].day
        if pins[j] == 0:
            used = tables.week_used[doctor, tables.date[day].week] + 1
            if weeks == 1 or used < weeks:
                earned, within = _bonus(tables, doctor, day, 0)
                at = (used if weeks > 1 else 0, within)
                value[j, 0, at[0], at[1]] = tables.gain[doctor, 0] + earned - price[option]
                came[j, 0, at[0], at[1]] = -1
        for number in range(most):
            for used in range(weeks):
                for within in range(periods):
                    worth = value[j, number, used, within]
                    if worth <= NEVER:
                        continue
                    code = ((j * most + number) * weeks + used) * periods + within
                    if pins[nodes] == pins[j + 1] and worth > best:
                        best, best_at = worth, code
                    if number + 1 < most:
                        _follow(tables, doctor, price, desk, nodes, weeks, j, number, used, within, code)
    count = 0
    while best_at >= 0:
        within = best_at % periods
        used = best_at // periods % weeks
        number = best_at // (periods * weeks) % most
        j = best_at // (periods * weeks * most)
        chosen[count] = node[j]
        count += 1
        best_at = came[j, number, used, within]
    return best, count


@kernel
def _bonus(tables, doctor, day, within):
    """Evenness bonus of a call, and the calls of its period that have earned it then."""
    period = tables.window[doctor, day]
    if period < 0 or within >= tables.window_left[doctor, period]:
        return 0.0, within
    return tables.window_bonus[doctor, period], within + 1


@kernel
def _follow(tables, doctor, price, desk, nodes, weeks, j, number, used, within, code):
    """Extend a set of calls whose last is node j by each node that may follow."""
    node, pins, value, came = desk
    day = tables.option[node[j]].day
    for after in range(j + 1, nodes):
        option = node[after]
        later = tables.option[option].day
        if later - day < tables.need[doctor].spacing:
            continue
        if pins[after] > pins[j + 1]:
            break  # a pinned call would be skipped
        in_week = 0
        if weeks > 1:
            week = tables.date[later].week
            in_week = (used if week == tables.date[day].week else tables.week_used[doctor, week]) + 1
            if in_week >= weeks:
                continue
        same = tables.window[doctor, later] == tables.window[doctor, day]
        earned, in_period = _bonus(tables, doctor, later, within if same else 0)
        worth = value[j, number, used, within] + tables.gain[doctor, number + 1] + earned - price[option]
        if worth > value[after, number + 1, in_week, in_period]:
            value[after, number + 1, in_week, in_period] = worth
            came[after, number + 1, in_week, in_period] = code
