"""What a series of memory readings says: slope, quarters, and whether it is flat."""
import statistics

MIB = 1 << 20


def slope(points):
    """Theil-Sen: the median of the slopes between all pairs of (x, y); one outlier cannot move it."""
    points = points[:: max(1, len(points) // 400)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1:] if b[0] > a[0]]
    return statistics.median(slopes) if slopes else 0.0


def figures(values, step=1.0):
    """Of readings at equal distances; the first tenth is warming up and is left out."""
    settled = values[len(values) // 10:]
    if len(settled) < 8:
        return None
    quarter = len(settled) // 4
    per_step = slope(list(enumerate(settled)))
    steady = statistics.median(settled)
    growth = per_step * len(settled)
    first, last = statistics.median(settled[:quarter]), statistics.median(settled[-quarter:])
    allowed = max(16 * MIB, 0.03 * steady)
    return {"points": len(values), "slope_per_step": per_step / step, "growth": growth, "first_quarter": first,
            "last_quarter": last, "steady": steady, "highest": max(values), "allowed_growth": allowed,
            "flat": growth <= allowed and last - first <= allowed}


def sentence(name, is_):
    if is_ is None:
        return f"{name}: too few readings for a verdict; run longer"
    return (f"{name}: {'flat' if is_['flat'] else 'GROWS'}; first quarter {is_['first_quarter'] / MIB:.1f} MiB, last "
            f"{is_['last_quarter'] / MIB:.1f} MiB, highest {is_['highest'] / MIB:.1f} MiB, slope "
            f"{is_['slope_per_step'] / 1024:+.2f} KiB, growth over the run {is_['growth'] / MIB:+.2f} MiB "
            f"(allowed {is_['allowed_growth'] / MIB:.0f})")
