"""Everything a gap report is made of, as frames: one region, the days of one span."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from repcrm.catalogue.prices import Prices
from repcrm.organisation.territories import Holding
from repcrm.reports.reads import Place, Reads
from repcrm.reports.span import Span
from repcrm.sales.models import FlowGrain


@dataclass(frozen=True)
class Frames:
    """What the database says about a region and the days of a span.

    Integer columns are int64 throughout, so no pack and no fen passes through a float.
    """

    hospitals: pd.DataFrame
    """id, code, name"""
    products: pd.DataFrame
    """id, code, name, unit"""
    people: pd.DataFrame
    """id, code, name: reps of the region, and whoever held or visited something in it"""
    prices: Prices
    holdings: dict[Place, list[Holding]]
    """In order of days."""
    targets: pd.DataFrame
    """hospital, product, month_on, floor, stretch"""
    shares: dict[tuple[int, int, date], dict[int, int]]
    """hospital, product, month -> doctor -> packs of the approved split"""
    flow: pd.DataFrame
    """Lines dated by day, added up: source, hospital, product, day, packs, fen, unpriced (packs without a value)"""
    monthly_flow: pd.DataFrame
    """Lines dated by month, one by one, with the same columns"""
    ratings: pd.DataFrame
    """doctor, product, rating: the newest before the period's end"""
    factors: dict[int, int]
    posts: pd.DataFrame
    """doctor, department, hospital, in_scope: those of the period's last day"""
    departments: pd.DataFrame
    """id, hospital: those that count in the development rate"""
    doctors: pd.DataFrame
    """id, code, name, tier, title; whoever has a post, a share or a call"""
    calls: pd.DataFrame
    """rep, hospital, product (the first one named), doctor (the main one), planned, done, effective"""
    seen: pd.DataFrame
    """rep, hospital, product, doctor: who was met in the period"""
    last_seen: dict[int, date]
    """doctor -> the last day of being met, up to the period's end"""
    stock: pd.DataFrame
    """hospital, product, packs, seen_on: the newest before the period's end"""
    listings: pd.DataFrame
    """hospital, product, stage, since_on"""


def read_frames(session: Session, region_id: int, span: Span) -> Frames:
    """Read what the report of a region needs.

    region_id  whose hospitals count; they count with all their past
    returns    see `Frames`; the number of statements does not grow with the data
    """
    read = Reads(session, region_id, span)
    hospitals, calls, seen, shares, posts = read.hospitals(), read.calls(), read.seen(), read.shares(), read.posts()
    held = read.holdings(hospitals["id"])
    doctors = {*calls["doctor"], *seen["doctor"], *(doctor for row in shares.values() for doctor in row)}
    people = {*calls["rep"], *(one.rep_id for rows in held.values() for one in rows)}
    return Frames(
        hospitals=hospitals,
        products=read.products(),
        people=read.people(people),
        prices=read.prices(),
        holdings=held,
        targets=read.targets(),
        shares=shares,
        flow=read.flow(FlowGrain.DAY),
        monthly_flow=read.flow(FlowGrain.MONTH),
        ratings=read.ratings(),
        factors=read.factors(),
        posts=posts,
        departments=read.departments_in_scope(),
        doctors=read.doctors(doctors),
        calls=calls,
        seen=seen,
        last_seen=read.last_seen(),
        stock=read.stock(),
        listings=read.listings(),
    )
