// How numbers, durations and times are written. What is not known is a dash, never a zero.

export const unknown = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const count = value => value == null ? unknown : whole.format(value);

/** A rate, or milliseconds: three digits are enough. */
export function number(value) {
  if (value == null) {
    return unknown;
  }
  return value === 0 || value >= 99.95 ? whole.format(value) : tenths.format(value);
}

/** A part of a whole, 0 to 1. What is there at all is never written as nothing, and what is missing never as all. */
export function percent(value) {
  if (value == null) {
    return unknown;
  }
  if (value > 0 && value < 0.001) {
    return "< 0.1 %";
  }
  if (value < 1 && value > 0.999) {
    return "> 99.9 %";
  }
  return `${value === 0 || value === 1 || value >= 0.1 && value <= 0.9 ? whole.format(value * 100) : tenths.format(value * 100)} %`;
}

export function duration(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 100) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

export const clock = value => time.format(new Date(value));

export const dateTime = value => date.format(new Date(value));

export const plural = (n, one, many) => `${whole.format(n)} ${n === 1 ? one : many}`;
