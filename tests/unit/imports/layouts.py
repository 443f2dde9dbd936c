"""Random truths in random layouts, and somebody who knows the layout and answers what is asked about it."""

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl

from repcrm.imports.questions import Question
from repcrm.imports.workbook import Sheet

HOSPITALS = (
    "云泽市听澜医院",
    "澄湖市中心医院",
    "合计大药房",
    "总和医院",
    "雁回县人民医院",
    "Riverside Hospital",
    "第二小计医院",
)
PRODUCTS = ("云舒平片", "岚络通胶囊", "云舒平片 5mg*28片")
FACTORS = {"件": 10, "箱": 20}
CASES = "件"
Line = tuple[str, str, str, int, int | None]
"""Hospital, product, day or month, packs, fen."""

HOSPITAL_HEADINGS = ("医院名称", "医院", "终端名称", "客户名称", "购货单位", "Hospital", "customer name", "收货单位")
PRODUCT_HEADINGS = ("品名", "产品名称", "商品名称", "品规", "Product", "item description", "药品名称")
DATE_HEADINGS = ("日期", "销售日期", "出库日期", "开票日期", "Date", "invoice date", "业务日期", "单据日期")
PACKS_HEADINGS = ("数量", "销售数量", "出库数量", "实发数", "销量", "quantity", "Qty", "盒数")
VALUE_HEADINGS = ("金额", "销售金额", "含税金额", "amount", "sales value")
EXTRA = {
    "序号": lambda n: n,
    "业务员": lambda n: "王五",
    "单价": lambda n: 21.5,
    "仓库": lambda n: "一号库",
    "规格": lambda n: "5mg*28片",
}
DATES = ("cell", "iso", "chinese", "weekday", "slash", "dmy", "mdy", "dotted", "compact", "zone", "english", "no year")
RETURNS = ("sign", "trailing", "brackets", "full width", "word", "type", "column")
UNITS = ("none", "heading", "column", "cell", "title", "cases heading", "cases column", "cases cell", "both")
TOTALS = ("none", "end", "groups", "named", "pages", "top")
TOTAL_WORDS = ("合计", "总计", "合 计", "合计：", "总计（盒）", "Total", "Grand total")


@dataclass
class Layout:
    """How a truth is written down, and all that an oracle needs to answer for it."""

    seed: int
    rows: list[list[Any]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    name: str = "流向"
    file_name: str = "流向.xlsx"
    truth: Counter[Line] = field(default_factory=Counter)
    answers: dict[str, str] = field(default_factory=dict)
    traits: set[str] = field(default_factory=set)

    @property
    def sheet(self) -> Sheet:
        """The sheet as the reader gives it."""
        return Sheet(self.name, False, self.rows, frozenset(self.hidden), frozenset(), tuple(self.merged))

    def answer(self, question: Question) -> str | None:
        """What somebody who knows the file answers; None for what nobody would have had to ask."""
        return self.answers.get(question.key)

    def as_xlsx(self) -> bytes:
        """The file as Excel writes it."""
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = self.name
        for number, row in enumerate(self.rows, 1):
            for index, cell in enumerate(row, 1):
                if cell is not None:
                    sheet.cell(number, index, cell)
        for number in self.hidden:
            sheet.row_dimensions[number].hidden = True
        for top, left, bottom, right in self.merged:
            sheet.merge_cells(start_row=top, start_column=left + 1, end_row=bottom, end_column=right + 1)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def as_csv(self, encoding: str, delimiter: str) -> bytes:
        """The file as text, where it has nothing that text cannot hold."""
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in self.rows])
        return out.getvalue().encode(encoding)


class Scribe:
    """Writes a random truth in a random layout."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.layout = Layout(seed)
        self.pick = self.random.choice

    def write(self) -> Layout:
        """Return the layout."""
        if self.random.random() < 0.2:
            self._wide()
        else:
            self._long()
        self.layout.answers.setdefault("totals", "accept")
        self.layout.answers.setdefault("decimal", "point")
        self.layout.answers.setdefault(f"hidden_rows:{self.layout.name}", "leave")
        return self.layout

    # --- one line a row --------------------------------------------------------------------------------------------

    def _long(self) -> None:
        pick, chance = self.pick, self.random.random
        self.dates, self.returns, self.units = pick(DATES), pick(RETURNS), pick(UNITS)
        self.totals, self.grain = pick(TOTALS), "month" if chance() < 0.15 else "day"
        self.groups = chance() < 0.25
        self.has_value = chance() < 0.4
        self.scale = pick((1, 1000, 10000)) if self.has_value else 1
        self.blank = chance() < 0.2
        self.title_month = self.grain == "month" and chance() < 0.5
        if self.units == "both" and self.returns == "column":
            self.returns = "sign"
        if self.returns == "column" and self.has_value:
            self.has_value = False
        self.layout.traits |= {self.dates, self.returns, self.units, f"totals {self.totals}"}
        lines = self._lines()
        columns = self._columns()
        body = self._body(lines, columns)
        top = self._titles(len(columns))
        heading = self._heading(columns, len(top))
        self.layout.rows = [*top, *heading, *self._with_totals(body, columns, len(top) + len(heading))]
        self._after(columns)

    def _lines(self) -> list[dict[str, Any]]:
        start = date(2026, self.pick((9, 10, 11)), 1)
        count = self.random.randint(1, 9)
        lines: list[dict[str, Any]] = []
        for number in range(count):
            on = start + timedelta(self.random.randrange(28))
            packs = self.random.choice((1, 2, 5, 12, 30, 100, 1200)) * (
                FACTORS[CASES] if "cases" in self.units or self.units == "both" else 1
            )
            if self.random.random() < 0.25:
                packs = -packs
            fen = packs * self.pick((2150, 1999, 500)) if self.has_value else None
            lines.append(
                {
                    "hospital": self.pick(HOSPITALS),
                    "product": self.pick(PRODUCTS),
                    "on": on,
                    "packs": packs,
                    "fen": fen,
                    "n": number + 1,
                }
            )
        if self.blank or self.totals in ("groups", "named"):
            lines.sort(key=lambda line: line["hospital"])
        for line in lines:
            self._count(line)
        return lines

    def _count(self, line: dict[str, Any]) -> None:
        when = line["on"].isoformat()[: 7 if self.grain == "month" else 10]
        self.layout.truth[line["hospital"], line["product"], when, line["packs"], line["fen"]] += 1

    def _columns(self) -> list[str]:
        columns = ["hospital", "product", "packs"]
        if not self.title_month:
            columns.append("on")
        if self.has_value:
            columns.append("value")
        if self.returns == "type":
            columns.append("type")
        if self.returns == "column":
            columns.append("returned")
        if "column" in self.units:
            columns.append("unit")
        if self.units == "both":
            columns.append("cases")
        if self.random.random() < 0.15 and not self.title_month and self.grain == "day":
            columns.append("other date")
        if self.groups:
            columns += ["purchases", "stock"]
        columns += self.random.sample(list(EXTRA), self.random.randint(0, 2))
        self.random.shuffle(columns)
        return columns

    def _body(self, lines: list[dict[str, Any]], columns: list[str]) -> list[tuple[list[Any], dict[str, Any]]]:
        body, before = [], None
        for line in lines:
            row = [self._cell(name, line) for name in columns]
            if self.blank and before == line["hospital"]:
                row[columns.index("hospital")] = None
                self.layout.traits.add("blank")
            before = line["hospital"]
            body.append((row, line))
        return body

    def _cell(self, name: str, line: dict[str, Any]) -> Any:
        match name:
            case "hospital" | "product":
                return line[name]
            case "on":
                return self._date(line["on"])
            case "other date":
                return (line["on"] + timedelta(3)).isoformat()
            case "packs":
                return self._packs(line["packs"])
            case "returned":
                factor = FACTORS[CASES] if "cases" in self.units else 1
                if line["packs"] >= 0:
                    return self.pick((None, 0))
                number = -line["packs"] // factor
                return f"{number}{CASES}" if self.units == "cases cell" else number
            case "cases":
                return self._signed(abs(line["packs"]) // FACTORS[CASES], line["packs"])
            case "value":
                yuan = Decimal(abs(line["fen"])) / 100 / self.scale
                return self._signed(float(yuan), line["packs"])
            case "type":
                return self.pick(("销售退回", "退货", "冲红")) if line["packs"] < 0 else self.pick(("销售", "销售出库"))
            case "unit":
                return CASES if "cases" in self.units else "盒"
            case "purchases" | "stock":
                return self.random.randint(100, 900)
            case _:
                return EXTRA[name](line["n"])

    def _packs(self, packs: int) -> Any:
        number = abs(packs) // (FACTORS[CASES] if "cases" in self.units else 1)
        if self.returns == "column" and packs < 0:
            return None
        shown = self._signed(number, packs)
        if self.units in ("cell", "cases cell"):
            unit = CASES if "cases" in self.units else "盒"
            return f"({number}{unit})" if str(shown).startswith("(") else f"{shown}{unit}"
        if isinstance(shown, int) and self.random.random() < 0.2:
            return f"{shown:,}"
        return shown

    def _signed(self, number: float, packs: int) -> Any:
        if packs >= 0 or self.returns == "type":
            return number
        match self.returns:
            case "trailing":
                return f"{number}-"
            case "brackets":
                return f"({number})"
            case "full width":
                return f"－{number}"
            case "word":
                return f"负{number}"
            case _:
                return -number

    def _date(self, on: date) -> Any:
        if self.grain == "month":
            return self.pick((f"{on:%Y-%m}", f"{on.year}年{on.month}月"))
        match self.dates:
            case "cell":
                return on
            case "chinese":
                return f"{on.year}年{on.month}月{on.day}日"
            case "weekday":
                return f"{on.year}年{on.month}月{on.day}日 星期{'一二三四五六日'[on.weekday()]}"
            case "slash":
                return f"{on:%Y/%m/%d}"
            case "dmy":
                return f"{on:%d/%m/%Y}"
            case "mdy":
                return f"{on.month}/{on.day}/{on.year}"
            case "dotted":
                return f"{on:%d.%m.%Y}"
            case "compact":
                return f"{on:%Y%m%d}"
            case "zone":
                return f"{on.isoformat()}T08:00:00+08:00"
            case "english":
                return f"{on.day}-{on:%b}-{on.year}"
            case "no year":
                return f"{on.month}月{on.day}日"
            case _:
                return on.isoformat()

    # --- headings and titles ---------------------------------------------------------------------------------------

    def _titles(self, width: int) -> list[list[Any]]:
        months = {when[:7] for _, _, when, _, _ in self.layout.truth}
        rows: list[list[Any]] = []
        if self.title_month:
            year, month = sorted(months)[0].split("-")
            rows.append([f"{year}年{int(month)}月流向"])
        elif self.dates == "no year" and self.random.random() < 0.5:
            rows.append(["2026年流向明细表"])
        elif self.random.random() < 0.4:
            rows.append(["示例医药有限公司流向明细"])
        if self.units == "title":
            rows.append(["单位：盒"])
        if rows and self.random.random() < 0.5 and width > 1:
            self.layout.merged.append((1, 0, 1, width - 1))
        return rows

    def _names(self, columns: list[str]) -> list[str]:
        names = {name: name for name in columns}
        names |= {
            "hospital": self.pick(HOSPITAL_HEADINGS), "product": self.pick(PRODUCT_HEADINGS),
            "on": self.pick(("月份", "年月") if self.grain == "month" else DATE_HEADINGS), "other date": "到货日期",
            "packs": self.pick(PACKS_HEADINGS), "value": self.pick(VALUE_HEADINGS),
            "type": self.pick(("业务类型", "单据类型", "type")), "unit": self.pick(("单位", "计量单位", "UOM")),
            "returned": self.pick(("退货数量", "退货盒数", "returned qty")),
            "cases": self.pick(("件数", "数量（件）")), "purchases": "购进数量", "stock": "库存数量",
        }  # fmt: skip
        if self.units == "heading":
            names["packs"] = self.pick(("数量（盒）", "数量(盒)", "销售数量（盒）", "Quantity (packs)", "数量\n（盒）"))
        if self.units == "cases heading":
            names["packs"] = self.pick(("数量（件）", "件数", "销售件数", "Quantity (cases)", "数量[件]"))
        if "cases" in self.units:
            names |= {"packs": "数量"} if names["packs"] == "盒数" else {}
            names |= {"returned": "退货数量"} if "returned" in names else {}
        if self.scale > 1:
            unit = {1000: ("（千元）", " (RMB '000)"), 10000: ("（万元）", "(万元)")}[self.scale]
            names["value"] += self.pick(unit)
        return [names[name] for name in columns]

    def _heading(self, columns: list[str], above: int) -> list[list[Any]]:
        names = self._names(columns)
        if not self.groups:
            return [names]
        self.layout.traits.add("two heading rows")
        upper: list[Any] = list(names)
        lower: list[Any] = [None] * len(names)
        over = {"packs": "销售", "value": "销售", "purchases": "购进", "stock": "库存"}
        for index, name in enumerate(columns):
            if name in over:
                bracket = names[index][names[index].find("（") :] if "（" in names[index] else ""
                if name == "packs" and self.units == "cases heading":
                    bracket = "（件）"
                upper[index], lower[index] = over[name], {"value": "金额"}.get(name, "数量") + bracket
                if name == "value" and self.scale > 1:
                    lower[index] = "金额" + {1000: "（千元）", 10000: "（万元）"}[self.scale]
            else:
                self.layout.merged.append((above + 1, index, above + 2, index))
        return [upper, lower]

    # --- totals, hidden rows, signatures ---------------------------------------------------------------------------

    def _with_totals(
        self, body: list[tuple[list[Any], dict[str, Any]]], columns: list[str], above: int
    ) -> list[list[Any]]:
        rows: list[list[Any]] = []
        block: list[list[Any]] = []
        everything = [row for row, _ in body]
        if self.totals == "top":
            rows.append(self._total(columns, "合计", everything))
        for at, (row, line) in enumerate(body):
            if self.random.random() < 0.05:
                self.layout.hidden.add(above + len(rows) + 1)
                rows.append(
                    [self._cell(name, {**line, "packs": 700 * FACTORS[CASES], "fen": 7000}) for name in columns]
                )
                self._hide_total(rows[-1])
            rows.append(row)
            block.append(row)
            last = at + 1 == len(body) or body[at + 1][1]["hospital"] != line["hospital"]
            if self.totals in ("groups", "named") and last:
                word = f"{line['hospital']} 小计" if self.totals == "named" else "小计"
                rows.append(self._total(columns, word, block))
                block = []
            elif self.totals == "pages" and (at % 3 == 2 or at + 1 == len(body)):
                rows.append(self._total(columns, "本页小计", block))
                block = []
                if at + 1 < len(body) and not self.blank:
                    rows.append([])
        if self.totals in ("end", "groups", "pages"):
            rows.append(self._total(columns, self.pick(TOTAL_WORDS), everything))
        if self.random.random() < 0.2:
            rows += [[], ["制表人：王五", None, "审核："]]
        return rows

    def _hide_total(self, row: list[Any]) -> None:
        self.layout.traits.add("hidden")

    def _total(self, columns: list[str], word: str, rows: list[list[Any]]) -> list[Any]:
        total: list[Any] = [None] * len(columns)
        for index, name in enumerate(columns):
            if name in ("packs", "value", "returned", "cases"):
                numbers = [_number(row[index]) for row in rows]
                added = sum((number for number in numbers if number is not None), Decimal(0))
                total[index] = float(added)
        if self.random.random() < 0.05:
            wrong = columns.index("packs")
            total[wrong] = (total[wrong] or 0) + 500
            self.layout.traits.add("wrong total")
        free = [index for index, name in enumerate(columns) if name in ("hospital", "product", "序号")]
        total[free[0] if self.random.random() < 0.7 else self.pick(free)] = word
        return total

    def _after(self, columns: list[str]) -> None:
        """The answers of somebody who knows the file."""
        rows = self.layout.rows
        answers = self.layout.answers
        for index, name in enumerate(columns):
            letter = chr(65 + index)
            field = {
                "on": "month" if self.grain == "month" else "on",
                "hospital": "hospital_name",
                "product": "product_name",
            }.get(name, name)
            answers[f"column:{field}"] = letter
        answers |= {
            "dates": {"dmy": "dmy", "dotted": "dmy", "mdy": "mdy"}.get(self.dates, "ymd"), "year": "2026",
            "unit": CASES if "cases" in self.units else "盒", "remarks": "take",
        }  # fmt: skip
        answers["blank_cells:hospital_name"] = "above"
        assert rows

    # --- months across ---------------------------------------------------------------------------------------------

    def _wide(self) -> None:
        self.layout.traits.add("wide")
        months = [1, 2, 3][: self.random.randint(1, 3)]
        style = self.pick(("full", "iso", "bare", "english"))
        names = {"full": "{y}年{m}月", "iso": "{y}-{m:02}", "bare": "{m}月", "english": "{e}-26"}[style]
        english = ("", "Jan", "Feb", "Mar")
        headings = [names.format(y=2026, m=month, e=english[month]) for month in months]
        has_total = self.random.random() < 0.5
        rows: list[list[Any]] = []
        title = style == "bare" and self.random.random() < 0.6
        if title:
            rows.append(["2026年度流向（盒）"])
        rows.append(
            [self.pick(HOSPITAL_HEADINGS), self.pick(PRODUCT_HEADINGS), *headings, *(["合计"] if has_total else [])]
        )
        places = [(h, p) for h in HOSPITALS for p in PRODUCTS]
        sums = [0] * len(months)
        for hospital, product in self.random.sample(places, self.random.randint(1, 6)):
            packs = [self.pick((None, "-", 0, 5, 12, 40, -3)) for _ in months]
            numbers = [n if isinstance(n, int) else 0 for n in packs]
            rows.append([hospital, product, *packs, *([sum(numbers)] if has_total else [])])
            for at, (month, number) in enumerate(zip(months, packs, strict=True)):
                sums[at] += numbers[at]
                if isinstance(number, int):
                    self.layout.truth[hospital, product, f"2026-{month:02}", number, None] += 1
        if self.random.random() < 0.5:
            rows.append([self.pick(TOTAL_WORDS), None, *sums, *([sum(sums)] if has_total else [])])
        self.layout.rows = rows
        self.layout.answers |= {"year": "2026"}


def _number(cell: Any) -> Decimal | None:
    """The number of a cell that this module has written, returns by type positive as written."""
    if cell is None:
        return None
    words = str(cell).replace(",", "")
    minus = any(mark in words for mark in "-(－负")
    digits = "".join(character for character in words if character.isdigit() or character == ".")
    return -Decimal(digits) if minus else Decimal(digits)


def write(seed: int) -> Layout:
    """Return the layout of a seed."""
    return Scribe(seed).write()
