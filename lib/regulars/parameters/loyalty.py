"""Surveys, the loyalty index and cohorts: what a run may be told about measuring loyalty."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from regulars.parameters.segments import NAME
from regulars.parameters.source import Strict

__all__ = ["TOPICS", "Cohorts", "LoyaltyIndex", "Surveys"]

Weight = Annotated[float, Field(ge=0, le=1000)]
Column = Annotated[str, Field(pattern=NAME)]
Keyword = Annotated[str, Field(min_length=1, max_length=60)]

TOP_BOXES = {"csat": 2, "ces": 3}
TOPICS: dict[str, list[str]] = {
    "delivery": ["delivery", "delivered", "parcel", "shipping", "late", "配送", "快递", "物流"],
    "quality": ["quality", "broken", "damaged", "defect", "质量", "品质", "破损", "坏"],
    "service": ["service", "staff", "answer", "called", "help", "服务", "客服", "回复", "态度"],
    "price": ["price", "prices", "expensive", "cheap", "价格", "贵", "便宜", "性价比"],
}
"""The words by which a comment is counted to a topic, where the parameters give none."""


class Surveys(Strict):
    """How answers are counted, and by what they are shown and weighted."""

    top_boxes: dict[Column, Annotated[int, Field(ge=1, le=10)]] = TOP_BOXES
    """How many points at the upper end of a question's scale count as satisfied; others: 2."""

    response_days: Annotated[int, Field(ge=1, le=365)] = 14
    """An invitation counts as answered within so many days; younger ones are not counted."""

    groups: list[Column] = ["segment", "tier", "region", "channel"]
    """By what scores are shown: segment, tier, channel (of most orders), columns of customers."""

    weight_by: list[Column] = ["segment"]
    """By what answers are weighted to the whole base; none: not weighted."""

    topics: dict[Column, Annotated[list[Keyword], Field(min_length=1)]] = TOPICS
    """Name of a topic, and the words (English and Chinese) by which a comment belongs to it."""

    @field_validator("top_boxes")
    @classmethod
    def _others_as_usual(cls, told: dict[str, int]) -> dict[str, int]:
        return {**TOP_BOXES, **told}


class LoyaltyIndex(Strict):
    """How behaviour, word and tenure make one index, and where its ends begin."""

    behaviour: Weight = 0.5
    """Weight of how often and how lately a customer bought."""

    word: Weight = 0.3
    """Weight of what the customer said last; left out for who said nothing."""

    tenure: Weight = 0.2
    """Weight of how long the customer has been one."""

    share: Annotated[float, Field(gt=0, le=0.5)] = 0.2
    """Share of customers at either end that are compared."""

    @model_validator(mode="after")
    def _one_counts(self) -> "LoyaltyIndex":
        # Of word alone, most customers would have no index.
        if not self.behaviour + self.tenure > 0:
            raise ValueError("the weight of behaviour or of tenure has to be above 0")
        return self


class Cohorts(Strict):
    """Into what cohorts new customers are put."""

    every: Literal["week", "month", "quarter"] = "month"
    """Who came in the same week (from Monday), month or quarter is one cohort."""

    by: Literal["channel", "category", "campaign_id", "region"] | None = None
    """By which attribute of the first purchase cohorts are also compared; empty: by none."""
