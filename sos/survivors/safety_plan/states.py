"""The pieces of her own plan, in the order in which they are offered. Each can be skipped; none is a question about why. Pure."""

from enum import StrEnum


class Part(StrEnum):
    """One piece. Its question and its name stand in every language under `plan.part.<value>` and `plan.name.<value>`."""

    PHONE = "phone"
    NEIGHBOUR = "neighbour"
    WHERE = "where"
    BAG = "bag"
    PAPERS = "papers"
    MONEY = "money"
    CHILDREN = "children"
    MEDICINES = "medicines"
    PETS = "pets"
