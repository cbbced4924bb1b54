"""The route of the doctor: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from storyloom.bootstrap.diagnosis.doctor import Doctor
from storyloom.kit.diagnosis import Diagnosis

router = APIRouter(prefix="/v1/doctor", tags=["service"])


async def _doctor(request: Request) -> Doctor:
    return request.state.doctor


@router.get("")
async def diagnose(
    doctor: Annotated[Doctor, Depends(_doctor)],
    *,
    fresh: Annotated[bool, Query(description="Look now, and not some seconds ago")] = False,
) -> Diagnosis:
    """Tell how every part is, and how to mend what is not well, as `storyloom doctor` does."""
    return await doctor.diagnosis(fresh=fresh)
