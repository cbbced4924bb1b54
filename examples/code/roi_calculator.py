"""ROI calculator for MEP contractors who move from paper to field-service software.

Everything is worked out from five inputs that a contractor knows by heart. Nothing is sent
anywhere, and every assumption is a named value at the top of the file.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WEEKS_PER_YEAR = 48
HOURS_SAVED_PER_TECHNICIAN_PER_WEEK = 2.5
SHARE_OF_LATE_INVOICES_AVOIDED = 0.4
COST_OF_A_LATE_INVOICE = 65.0
MONTHS_PER_YEAR = 12
MOST_TECHNICIANS = 5_000
HIGHEST_HOURLY_RATE = 500


class AssumptionOutOfRange(ValueError):
    """An input is negative, or larger than any contractor we know."""


@dataclass(frozen=True, slots=True)
class Contractor:
    """What a contractor tells us about the business."""

    technicians: int
    hourly_rate: float
    invoices_per_month: int
    late_invoice_share: float
    software_price_per_month: float


@dataclass(frozen=True, slots=True)
class Savings:
    """What changes in a year, in money."""

    labour: float
    late_invoices: float

    @property
    def total(self) -> float:
        """Both kinds of savings together."""
        return self.labour + self.late_invoices


def validate_assumptions(contractor: Contractor) -> None:
    """Refuse inputs that would make the result meaningless."""
    if not 1 <= contractor.technicians <= MOST_TECHNICIANS:
        raise AssumptionOutOfRange("technicians must be between 1 and 5,000")
    if not 0 < contractor.hourly_rate <= HIGHEST_HOURLY_RATE:
        raise AssumptionOutOfRange("the hourly rate must be above 0 and at most 500")
    if not 0 <= contractor.late_invoice_share <= 1:
        raise AssumptionOutOfRange("the share of late invoices lies between 0 and 1")
    if contractor.software_price_per_month <= 0:
        raise AssumptionOutOfRange("the software has a price")


def calculate_yearly_savings(contractor: Contractor) -> Savings:
    """Calculate what is saved in a year on labour and on late invoices."""
    validate_assumptions(contractor)
    hours = contractor.technicians * HOURS_SAVED_PER_TECHNICIAN_PER_WEEK * WEEKS_PER_YEAR
    late = contractor.invoices_per_month * MONTHS_PER_YEAR * contractor.late_invoice_share
    return Savings(
        labour=hours * contractor.hourly_rate,
        late_invoices=late * SHARE_OF_LATE_INVOICES_AVOIDED * COST_OF_A_LATE_INVOICE,
    )


def calculate_payback_months(contractor: Contractor) -> float:
    """Calculate after how many months the software has paid for itself."""
    monthly = calculate_yearly_savings(contractor).total / MONTHS_PER_YEAR
    return contractor.software_price_per_month / monthly if monthly else float("inf")


def compare_scenarios(base: Contractor, rates: list[float]) -> Iterator[tuple[float, float]]:
    """Compare the yearly savings at several hourly rates."""
    for rate in rates:
        changed = Contractor(
            base.technicians,
            rate,
            base.invoices_per_month,
            base.late_invoice_share,
            base.software_price_per_month,
        )
        yield rate, calculate_yearly_savings(changed).total


def export_report(contractor: Contractor, path: Path) -> None:
    """Export the savings report as a spreadsheet file."""
    savings = calculate_yearly_savings(contractor)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["figure", "amount per year"])
        writer.writerow(["labour saved", f"{savings.labour:.2f}"])
        writer.writerow(["late invoices avoided", f"{savings.late_invoices:.2f}"])
        writer.writerow(["payback in months", f"{calculate_payback_months(contractor):.1f}"])
