/** Places on a spherical earth: exact to 0.5 %, which is far below what a radio model knows. */

const EARTH_RADIUS_METRES = 6_371_009;

/** Degrees; north and east are positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** Great-circle distance in metres (haversine). */
export function distanceMetres(a: Place, b: Place): number {
  const [from, to] = [radians(a.latitude), radians(b.latitude)];
  const sinLatitude = Math.sin((to - from) / 2);
  const sinLongitude = Math.sin(radians(b.longitude - a.longitude) / 2);
  const h = sinLatitude ** 2 + Math.cos(from) * Math.cos(to) * sinLongitude ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The place so many metres away in a direction, in degrees clockwise from north. */
export function placeAt(from: Place, bearing: number, metres: number): Place {
  const angle = metres / EARTH_RADIUS_METRES;
  const latitude = radians(from.latitude);
  const direction = radians(bearing);
  const sin =
    Math.sin(latitude) * Math.cos(angle) +
    Math.cos(latitude) * Math.sin(angle) * Math.cos(direction);
  const east = Math.atan2(
    Math.sin(direction) * Math.sin(angle) * Math.cos(latitude),
    Math.cos(angle) - Math.sin(latitude) * sin,
  );
  const longitude = from.longitude + degrees(east);
  return {
    latitude: degrees(Math.asin(sin)),
    longitude: ((longitude + 540) % 360) - 180,
  };
}
