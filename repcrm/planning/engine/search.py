"""Large-neighbourhood search: free a few days, let them buy their calls anew, keep what is better.

A freed day is solved against profits: what the doctor's next call is worth to the plan as it stands (value, evenness),
less what a call on this day would block on the other freed days, valued at the prices of the bound. Worse plans are
accepted now and then, ever less often (simulated annealing).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from repcrm.planning.engine.compiled import entrance, kernel
from repcrm.planning.engine.market import MarketDesk, buy_day, market_desk
from repcrm.planning.engine.rows import copy_rows
from repcrm.planning.engine.tables import Floats, Ints, Tables, sizes_of

NEVER = -1e18
NO_CALL = -1.0
"""Profit of an option that is not open at present."""
MOST_FREED, MOST_TOUCHED = 3, 6
"""So many days are freed at once; so many are solved anew with those that lose a call to them."""
SAME_WEEK, SAME_WEEKDAY = 0.6, 0.2
"""Parts of the moves that free days of one week, and the same weekday of several weeks; the others free any days."""
HEED, HEED_SPREAD = 0.5, 1.0
"""How much of what a call blocks on days still to be solved counts, at least, and up to how much more."""
STEAL = 1.2
"""Up to how much of the price of a seat counts that a displaced call leaves to others."""
WILD, WIDE = 0.25, 2.0
BLUR, NARROW = 0.5, 0.5
"""In a quarter of the moves profits are blurred so far that anything may be bought, in another quarter a little."""
PASSES = 8
"""So often a day follows the prices of its limits."""


class SearchDesk(NamedTuple):
    """Room for a move."""

    market: MarketDesk
    profit: Floats  # option
    days: Ints  # that are freed
    queue: Ints  # days
    waiting: NDArray[np.bool_]
    solved: NDArray[np.bool_]
    order: Ints  # way of a day
    length: Ints
    chosen: Ints  # calls of a day
    kept: Ints  # (day, place): calls before the move
    kept_count: Ints
    kept_cost: Floats
    kept_evening: Ints
    evenings: Ints  # of weeks


def search_desk(tables: Tables) -> SearchDesk:
    """Room for the moves of a problem."""
    sizes = sizes_of(tables)
    days, sessions, calls = sizes.days, sizes.sessions, sizes.calls + 1
    return SearchDesk(
        market=market_desk(tables, sizes),
        profit=np.full(sizes.options, NO_CALL),
        days=np.empty(MOST_FREED, np.int64),
        queue=np.empty(days, np.int64),
        waiting=np.zeros(days, np.bool_),
        solved=np.zeros(days, np.bool_),
        order=np.empty((sessions, 3), np.int64),
        length=np.empty(sessions, np.int64),
        chosen=np.empty(calls, np.int64),
        kept=np.empty((days, calls), np.int64),
        kept_count=np.empty(days, np.int64),
        kept_cost=np.empty(days),
        kept_evening=np.empty(days, np.int64),
        evenings=np.empty(int(tables.frame["weeks"][0]), np.int64),
    )


@kernel
def draw(random):
    """The next number of a sequence, from 0 up to 1 (xorshift*, Vigna 2016); the same seed gives the same plan."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@kernel
def marginal(tables, on, calls, in_week, in_window, option):
    """What a further call is worth to the plan as it stands; NEVER where a rule about the doctor forbids it."""
    doctor, day = tables.option[option].doctor, tables.option[option].day
    number = calls[doctor]
    if number >= tables.need[doctor].calls_left:
        return NEVER
    if in_week[doctor, tables.date[day].week] >= tables.need[doctor].per_week:
        return NEVER
    spacing = tables.need[doctor].spacing
    for other in range(max(0, day - spacing + 1), min(tables.frame[0].days, day + spacing)):
        if on[doctor, other] >= 0:
            return NEVER
    return worth(tables, calls, in_window, option)


@kernel
def worth(tables, calls, in_window, option):
    """Value, evenness and what it earns to keep a published visit, of one call more."""
    doctor = tables.option[option].doctor
    value = tables.gain[doctor, calls[doctor]] + tables.option[option].keep
    window = tables.window[doctor, tables.option[option].day]
    if window >= 0 and in_window[doctor, window] < tables.window_left[doctor, window]:
        value += tables.window_bonus[doctor, window]
    return value


@kernel
def put(tables, on, calls, in_week, in_window, option):
    """Add a call to the plan; returns what it is worth."""
    value = worth(tables, calls, in_window, option)
    doctor, day = tables.option[option].doctor, tables.option[option].day
    on[doctor, day] = option
    calls[doctor] += 1
    in_week[doctor, tables.date[day].week] += 1
    if tables.window[doctor, day] >= 0:
        in_window[doctor, tables.window[doctor, day]] += 1
    return value


@kernel
def take(tables, on, calls, in_week, in_window, option):
    """Take a call off the plan; returns what it was worth."""
    doctor, day = tables.option[option].doctor, tables.option[option].day
    on[doctor, day] = -1
    calls[doctor] -= 1
    in_week[doctor, tables.date[day].week] -= 1
    if tables.window[doctor, day] >= 0:
        in_window[doctor, tables.window[doctor, day]] -= 1
    return worth(tables, calls, in_window, option)


@kernel
def _day_of(tables, week, weekday):
    """The day at a place in a week, -1 if the week is shorter."""
    for day in range(tables.frame[0].days):
        if tables.date[day].week == week and tables.date[day].weekday == weekday:
            return day
    return -1


@kernel
def _pick_days(tables, random, days):
    """Which days to free: neighbours in a week, the same weekday, or any; returns how many."""
    span = tables.frame[0].days - tables.frame[0].now
    first = tables.frame[0].now + min(span - 1, int(draw(random) * span))
    days[0] = first
    kind = draw(random)
    wanted = 1 + int(draw(random) * days.size)
    count = 1
    for _ in range(3 * wanted):
        if count >= wanted:
            break
        if kind < SAME_WEEK:
            other = _day_of(tables, tables.date[first].week, int(draw(random) * tables.frame[0].longest_week))
        elif kind < SAME_WEEK + SAME_WEEKDAY:
            other = _day_of(tables, int(draw(random) * tables.frame[0].weeks), tables.date[first].weekday)
        else:
            other = tables.frame[0].now + int(draw(random) * span)
        if other < tables.frame[0].now or other >= tables.frame[0].days:
            continue
        known = False
        for at in range(count):
            known = known or days[at] == other
        if not known:
            days[count] = other
            count += 1
    return count


@kernel
def in_the_way(tables, on, calls, in_week, option, call_price):
    """The call on the same doctor that an option would displace; -1 if none, -2 if more than one or a pinned one."""
    doctor, day = tables.option[option].doctor, tables.option[option].day
    spacing, week = tables.need[doctor].spacing, tables.date[day].week
    found = -1
    for other in range(max(0, day - spacing + 1), min(tables.frame[0].days, day + spacing)):
        if on[doctor, other] >= 0:
            if found >= 0 or tables.option[on[doctor, other]].pinned:
                return -2
            found = on[doctor, other]
    in_this = in_week[doctor, week]
    if found >= 0 and tables.date[tables.option[found].day].week == week:
        in_this -= 1
    crowded = in_this >= tables.need[doctor].per_week
    full = calls[doctor] - (1 if found >= 0 else 0) >= tables.need[doctor].calls_left
    if not crowded and not full:
        return found
    if found >= 0:
        return -2
    dearest = -1.0
    for other in range(tables.frame[0].days):
        there = on[doctor, other]
        if there < 0 or tables.option[there].pinned or (crowded and tables.date[other].week != week):
            continue
        if call_price[other] > dearest:
            found, dearest = there, call_price[other]
    return found if found >= 0 else -2


@kernel
def _profits(tables, on, calls, in_week, in_window, day, waiting, price, heed, steal, solved, call_price, profit):
    """Profit of each option of a day.

    waiting  day -> whether it is freed and still to be solved
    price    what the bound asks for an option
    heed     how much of what a call blocks on those days counts
    steal    how much of the price of a seat counts that a displaced call leaves; below 0 nothing is displaced
    solved   day -> whether it is settled for this move: nothing is displaced there, its way might not hold without
    """
    sessions = tables.frame[0].sessions
    for place in range(
        tables.stop[tables.cell[day * sessions].first].first,
        tables.stop[tables.cell[(day + 1) * sessions].first].first,
    ):
        option = tables.of_stop[place]
        if tables.option[option].pinned:
            profit[option] = 0.0
            continue
        doctor = tables.option[option].doctor
        moved = in_the_way(tables, on, calls, in_week, option, call_price)
        if moved == -2 or (calls[doctor] >= tables.need[doctor].calls_left and moved < 0):
            profit[option] = NO_CALL
            continue
        if moved >= 0:
            if steal < 0.0 or solved[tables.option[moved].day]:
                profit[option] = NO_CALL
                continue
            lost = take(tables, on, calls, in_week, in_window, moved)
            profit[option] = (
                worth(tables, calls, in_window, option) - lost + steal * call_price[tables.option[moved].day]
            )
            put(tables, on, calls, in_week, in_window, moved)
            continue
        value = worth(tables, calls, in_window, option)
        blocked = 0.0
        if heed > 0.0:
            number = calls[doctor]
            last = number + 1 >= tables.need[doctor].calls_left
            following = 0.0 if last else tables.gain[doctor, number] - tables.gain[doctor, number + 1]
            for other in range(tables.need[doctor].first_option, tables.need[doctor + 1].first_option):
                there = tables.option[other].day
                if not waiting[there] or there == day:
                    continue
                elsewhere = marginal(tables, on, calls, in_week, in_window, other) - price[other]
                if elsewhere <= blocked:
                    continue
                apart = there - day if there > day else day - there
                full = in_week[doctor, tables.date[there].week] + 1 >= tables.need[doctor].per_week
                if (
                    last
                    or apart < tables.need[doctor].spacing
                    or (full and tables.date[there].week == tables.date[day].week)
                ):
                    blocked = elsewhere
                else:
                    blocked = max(blocked, min(elsewhere, following))
        profit[option] = value - heed * blocked


@kernel
def _blur(tables, day, blur, random, profit):
    """Blur the profits of a day, so that the same days freed again do not buy the same calls again."""
    sessions = tables.frame[0].sessions
    for place in range(
        tables.stop[tables.cell[day * sessions].first].first, tables.stop[tables.cell[(day + 1) * sessions].first].first
    ):
        profit[tables.of_stop[place]] *= 1.0 + blur * (draw(random) - 0.5)


@kernel
def _empty(tables, on, calls, in_week, in_window, day, kept, kept_count):
    """Take all calls of a day off but the pinned ones; returns what they were worth.

    kept  out: (day, place) -> the options, where the day has not been touched before (kept_count below 0)
    """
    sessions = tables.frame[0].sessions
    known = kept_count[day] >= 0
    if not known:
        kept_count[day] = 0
    total = 0.0
    for place in range(
        tables.stop[tables.cell[day * sessions].first].first,
        tables.stop[tables.cell[(day + 1) * sessions].first].first,
    ):
        option = tables.of_stop[place]
        if on[tables.option[option].doctor, day] == option and not tables.option[option].pinned:
            total += take(tables, on, calls, in_week, in_window, option)
            if not known:
                kept[day, kept_count[day]] = option
                kept_count[day] += 1
    return total


@entrance
def begin(tables, options, on, calls, in_week, in_window, worths):
    """Put the calls of a first plan.

    worths   out: [what they are worth, the same]
    """
    worths[:] = 0.0
    for option in options:
        worths[0] += put(tables, on, calls, in_week, in_window, option)
    worths[1] = worths[0]


@entrance
def improve(
    tables,
    price,
    on,
    calls,
    in_week,
    in_window,
    cost,
    evening,
    best_on,
    worths,
    heat,
    random,
    prices,
    moves,
    stop,
    desk,
):
    """Search for some moves.

    price    option -> what the bound asks for it
    on       (doctor, day) -> option, or -1; calls, in_week, in_window count along
    cost, evening  day -> what its way costs, 1 if it has an evening
    best_on  out: the best plan seen
    worths   [of the plan at hand, of the best one]
    heat     how much worse a plan may be to be accepted, about
    """
    sessions = tables.frame[0].sessions
    market, profit, days, queue, waiting, solved, order, length, chosen = desk[:9]
    kept, kept_count, kept_cost, kept_evening, evenings = desk[9:]
    evenings[:] = 0
    for day in range(tables.frame[0].now, tables.frame[0].days):
        evenings[tables.date[day].week] += evening[day]
    for _ in range(moves):
        if stop[0]:
            return
        count = _pick_days(tables, random, days)
        kept_count[:] = -1
        solved[:] = False
        change = 0.0
        for at in range(count):
            day = days[at]
            queue[at] = day
            waiting[day] = True
            kept_cost[day], kept_evening[day] = cost[day], evening[day]
            change += cost[day] - _empty(tables, on, calls, in_week, in_window, day, kept, kept_count)
            evenings[tables.date[day].week] += tables.date[day].bare_evening - evening[day]
        heed = HEED + HEED_SPREAD * draw(random)
        steal = STEAL * draw(random)
        kind = draw(random)
        blur = (WIDE if kind < WILD else NARROW if kind < BLUR else 0.0) * draw(random)
        touched = count
        turn = 0
        while turn < touched:
            day = queue[turn]
            week = tables.date[day].week
            if turn >= count:
                change += cost[day] - _empty(tables, on, calls, in_week, in_window, day, kept, kept_count)
                evenings[week] -= evening[day]
            else:
                evenings[week] -= tables.date[day].bare_evening  # it was kept for the day's own meeting
            waiting[day] = False
            solved[day] = True
            heeded = heed if turn < count - 1 else 0.0
            stolen = steal if touched < MOST_TOUCHED else -1.0
            _profits(
                tables, on, calls, in_week, in_window, day, waiting, price, heeded, stolen, solved, prices[0], profit
            )
            if blur > 0.0 and turn < count:
                _blur(tables, day, blur, random, profit)
            may_evening = evenings[week] < tables.frame[0].evenings_per_week
            number, worth_of_day, spent = buy_day(
                tables, day, profit, prices, may_evening, PASSES, order, length, chosen, market
            )
            if worth_of_day < -tables.date[day].bare_cost:
                number, spent, length[sessions - 1] = 0, tables.date[day].bare_cost, tables.date[day].bare_evening
            cost[day], evening[day] = spent, 1 if length[sessions - 1] else 0
            evenings[week] += evening[day]
            change -= spent
            for place in range(number):
                option = chosen[place]
                if tables.option[option].pinned:
                    continue
                moved = in_the_way(tables, on, calls, in_week, option, prices[0])
                if moved >= 0:
                    there = tables.option[moved].day
                    known = False
                    for at in range(touched):
                        known = known or queue[at] == there
                    if kept_count[there] < 0:
                        kept_count[there] = 0
                        kept_cost[there], kept_evening[there] = cost[there], evening[there]
                        for where in range(
                            tables.stop[tables.cell[there * sessions].first].first,
                            tables.stop[tables.cell[(there + 1) * sessions].first].first,
                        ):
                            other = tables.of_stop[where]
                            if on[tables.option[other].doctor, there] == other and not tables.option[other].pinned:
                                kept[there, kept_count[there]] = other
                                kept_count[there] += 1
                    change -= take(tables, on, calls, in_week, in_window, moved)
                    if not known:
                        queue[touched] = there
                        touched += 1
                change += put(tables, on, calls, in_week, in_window, option)
            turn += 1
        if change >= 0.0 or (heat > 0.0 and draw(random) < np.exp(change / heat)):
            worths[0] += change
            if worths[0] > worths[1] + 1e-9:
                worths[1] = worths[0]
                copy_rows(on, best_on)
            continue
        for at in range(touched):
            _empty(tables, on, calls, in_week, in_window, queue[at], kept, kept_count)
        for at in range(touched):
            day = queue[at]
            evenings[tables.date[day].week] += kept_evening[day] - evening[day]
            cost[day], evening[day] = kept_cost[day], kept_evening[day]
            for place in range(kept_count[day]):
                put(tables, on, calls, in_week, in_window, kept[day, place])
