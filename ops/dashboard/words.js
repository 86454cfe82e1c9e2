// Numbers for people. What is not known is "unknown", never 0.
export const unknown = "unknown";

export function count(value) {
  return value === null || value === undefined ? unknown : Math.round(value).toLocaleString("en");
}

export function rate(value) {
  if (value === null || value === undefined) return unknown;
  return `${value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(1)} img/s`;
}

export function bytes(value) {
  if (!value) return unknown;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return `${(value / 2 ** (10 * step)).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

export function span(seconds) {
  if (seconds === null || seconds === undefined) return unknown;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

export function time(text) {
  return text ? new Date(text).toLocaleString() : "";
}
