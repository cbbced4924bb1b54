"""Answers of a model that stand, about sources that tests use elsewhere."""

from typing import Any

#: The code of the API's own example.
CALCULATOR = "def calculate_roi(cost, gain): return (gain - cost) / cost"
ABOUT_CALCULATOR: dict[str, Any] = {
    "headline": "Know the return before you sign",
    "what_it_does": "Works out the return on what is spent, from its cost and the gain.",
    "business_value": "Every offer will show what the money brings, before it is spent.",
    "who_benefits": "Executives at contractors will decide on figures, and estimators will back them.",
    "differentiator": "The sum is short enough for anybody to check by hand.",
    "pain_point_addressed": "Today, the return is guessed at when money is asked for.",
    "suggested_icon": "calculator",
    "evidence": [{"field": "what_it_does", "first_line": 1, "last_line": 1}],
}
#: Any roadmap: nothing in it is a name or a number.
ABOUT_ROADMAP: dict[str, Any] = {
    "headline": "Crews planned and invoices paid on time",
    "what_it_does": "Plans the work of field crews and reminds customers of open invoices.",
    "business_value": "Money will come in sooner, and no crew will wait for its next job.",
    "who_benefits": "Executives will see the week at a glance, and crews will know where to go.",
    "differentiator": "Planning and billing will come from one place.",
    "pain_point_addressed": "Plans change by telephone today, and invoices are forgotten.",
    "suggested_icon": "calendar",
    "evidence": [{"field": "what_it_does", "left": 0, "top": 0, "right": 500, "bottom": 250}],
}
