/**
 * Dispatch board that assigns technicians to service visits.
 *
 * A visit goes to the nearest free technician who holds the certificates it asks for.
 * Double bookings are refused before anything is saved.
 */

export interface Technician {
  id: string;
  name: string;
  certificates: string[];
  latitude: number;
  longitude: number;
}

export interface ServiceVisit {
  id: string;
  site: string;
  startsAt: Date;
  endsAt: Date;
  certificates: string[];
  latitude: number;
  longitude: number;
  technicianId?: string;
}

export class DoubleBooking extends Error {}

export class NoTechnicianFree extends Error {}

const EARTH_RADIUS_KM = 6371;

/** Keeps the day's visits, and who goes where. */
export class DispatchBoard {
  private readonly visits = new Map<string, ServiceVisit>();

  constructor(private readonly technicians: Technician[]) {}

  /** Schedule a visit with the nearest technician who is free and certified. */
  scheduleVisit(visit: ServiceVisit): Technician {
    if (visit.endsAt <= visit.startsAt) {
      throw new RangeError("a visit ends after it starts");
    }
    const free = this.technicians.filter(
      (one) => this.isFree(one, visit) && this.isCertified(one, visit),
    );
    if (free.length === 0) {
      throw new NoTechnicianFree(`nobody can take visit ${visit.id}`);
    }
    const nearest = free.reduce((a, b) =>
      distanceKm(a, visit) <= distanceKm(b, visit) ? a : b,
    );
    this.visits.set(visit.id, { ...visit, technicianId: nearest.id });
    return nearest;
  }

  /** Reassign a visit by hand; the technician must be free. */
  reassignVisit(visitId: string, technicianId: string): void {
    const visit = this.visits.get(visitId);
    const technician = this.technicians.find((one) => one.id === technicianId);
    if (!visit || !technician) {
      throw new RangeError("no such visit or technician");
    }
    if (!this.isFree(technician, visit)) {
      throw new DoubleBooking(`${technician.name} is already on another site`);
    }
    this.visits.set(visitId, { ...visit, technicianId });
  }

  /** Cancel a visit and free its technician. */
  cancelVisit(visitId: string): boolean {
    return this.visits.delete(visitId);
  }

  /** List the visits of one technician in the order of the day. */
  listVisits(technicianId: string): ServiceVisit[] {
    return [...this.visits.values()]
      .filter((visit) => visit.technicianId === technicianId)
      .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  }

  private isFree(technician: Technician, visit: ServiceVisit): boolean {
    return this.listVisits(technician.id).every(
      (other) =>
        other.id === visit.id ||
        other.endsAt <= visit.startsAt ||
        other.startsAt >= visit.endsAt,
    );
  }

  private isCertified(technician: Technician, visit: ServiceVisit): boolean {
    return visit.certificates.every((one) => technician.certificates.includes(one));
  }
}

/** Measure the distance between two places on the globe. */
export function distanceKm(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  const lat = rad(b.latitude - a.latitude);
  const lon = rad(b.longitude - a.longitude);
  const h =
    Math.sin(lat / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(h));
}
