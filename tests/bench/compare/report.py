# SPDX-License-Identifier: MIT
"""Results as a table, as goals met and missed, and as a page with plots."""

import html
import io
import statistics

NAMES = {"voicecast": "voicecast", "janus": "Janus", "relay": "aiortc relay", "icecast": "Icecast"}


def median(rounds):
    """One round of many of the same: each figure's median; what is no figure is the same in all."""
    first = rounds[0]
    if isinstance(first, dict):
        return {key: median([one[key] for one in rounds]) for key in first}
    figures = [one for one in rounds if isinstance(one, (int, float))]
    return round(statistics.median(figures), 3) if figures else first


def medians(rounds, *keys):
    """Rounds of the same server and size become one."""
    groups = {}
    for one in rounds:
        groups.setdefault(tuple(one[key] for key in keys), []).append(one)
    return [median(group) for group in groups.values()]


def figure(value):
    return "-" if value is None else f"{value:g}"


def receivers_table(rows):
    head = ["receivers", "server", "CPU ms/s each", "kB each", "threads each", "join p50", "p95", "p99",
            "delay p50", "p99 ms", "lost"]  # fmt: skip
    lines = [
        [str(row["receivers"]), NAMES[row["server"]], *map(figure, (
            row["cpu_ms"], row["memory_kb"], row["threads"], *row["join_ms"].values(),
            row["delay_ms"]["p50"], row["delay_ms"]["p99"], row["lost"],
        ))]
        for row in sorted(rows, key=lambda row: (row["receivers"], list(NAMES).index(row["server"])))
    ]  # fmt: skip
    return "Receivers of one stream", [head, *lines]


def crowd_table(rows):
    head = ["server", "there", "join at once", "join p50", "p95", "p99 ms", "joins/s", "lost by those there"]
    return "A crowd joins", [head, *(
        [NAMES[row["server"]], *map(figure, (
            row["there"], row["coming"], *row["join_ms"].values(), row["joins_per_second"], row["lost"],
        ))] for row in rows
    )]  # fmt: skip


def many_streams_table(rows):
    head = ["server", "streams", "receivers each", "CPU of the streams ms/s", "CPU ms/s per receiver", "lost"]
    return "Many streams", [head, *(
        [NAMES[row["server"]], *map(figure, (
            row["streams"], row["listeners"], row["cpu_alone_ms"], row["cpu_ms"], row["lost"],
        ))] for row in rows
    )]  # fmt: skip


def station_table(rows):
    head = ["listeners", "server", "CPU µs/s each", "bytes each", "first byte p50", "p95 ms", "slowest bytes/s"]
    return "MP3 listeners", [head, *(
        [str(row["listeners"]), NAMES[row["server"]], *map(figure, (
            row["cpu_us_per_second_and_listener"], row["memory_bytes_per_listener"], row["first_byte"]["median_ms"],
            row["first_byte"]["p95_ms"], row["bytes_per_second"]["slowest"],
        ))] for row in rows
    )]  # fmt: skip


def single_table(results):
    lines = [["what", "figure"]]
    for row in results.get("chromium", []):
        lines.append(["Chromium: start_receiving to first RTP, p50 and p95 ms",
                      f"{figure(row['join_ms']['p50'])} {figure(row['join_ms']['p95'])}"])  # fmt: skip
    for row in results.get("start", []):
        lines.append(["start to listening, ms", figure(row["start_ms"])])
        lines.append(["idle: CPU %, resident MB", f"{figure(row['idle_cpu_percent'])} {figure(row['idle_resident_mb'])}"])
    return "One by one", lines


def tables(results):
    made = [
        make(results[part])
        for part, make in (("receivers", receivers_table), ("crowd", crowd_table),
                           ("many_streams", many_streams_table), ("station", station_table))
        if results.get(part)
    ]  # fmt: skip
    return [*made, single_table(results)] if results.get("chromium") or results.get("start") else made


def as_text(results):
    parts = []
    for title, lines in tables(results):
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        parts.append(title)
        parts += ["  " + "  ".join(text.rjust(width) for text, width in zip(line, widths)) for line in lines]
        parts.append("")
    for what, value, limit in goals(results):
        parts.append(f"{'met   ' if value <= limit else 'MISSED'}  {what}: {figure(value)}, wanted at most {figure(limit)}")
    return "\n".join(parts)


def row_of(results, part, **wanted):
    return next((row for row in results.get(part, []) if wanted.items() <= row.items()), None)


def goals(results):
    """(what, figure, limit) of all that was measured in this run."""
    found = []

    def add(what, value, limit):
        if value is not None:
            found.append((what, round(value, 3), limit))

    ours = row_of(results, "receivers", server="voicecast", receivers=100)
    if ours:
        theirs = row_of(results, "receivers", server="janus", receivers=100)
        if theirs:
            add("CPU per receiver over that of Janus, 100 receivers", ours["cpu_ms"] / theirs["cpu_ms"], 0.35)
        relays = [row for row in results["receivers"] if row["server"] == "relay"]
        if relays:
            most = max(relays, key=lambda row: row["receivers"])
            what = f"CPU per receiver over that of the aiortc relay (with {most['receivers']})"
            add(what, ours["cpu_ms"] / most["cpu_ms"], 0.03)
        add("added delay p50 ms, 100 receivers", ours["delay_ms"]["p50"], 1.5)
        add("added delay p99 ms, 100 receivers", ours["delay_ms"]["p99"], 6)
        add("memory per receiver kB, 100 receivers", ours["memory_kb"], 400)
        add("threads per receiver, 100 receivers", ours["threads"], 3)
    if more := row_of(results, "receivers", server="voicecast", receivers=250):
        add("added delay p99 ms, 250 receivers", more["delay_ms"]["p99"], 10)
    if most := row_of(results, "receivers", server="voicecast", receivers=500):
        add("packets lost, 500 receivers", most["lost"], 0)
    if crowd := row_of(results, "crowd", server="voicecast"):
        add("join p95 ms, 100 at once", crowd["join_ms"]["p95"], 500)
        add("packets lost by those who listen meanwhile", crowd["lost"], 0)
    if page := row_of(results, "chromium", server="voicecast"):
        add("join p50 ms, Chromium", page["join_ms"]["p50"], 120)
    station, icecast = (row_of(results, "station", server=name, listeners=1000) for name in ("voicecast", "icecast"))
    if station and icecast:
        one, other = (row["cpu_us_per_second_and_listener"] for row in (station, icecast))
        add("MP3: CPU per listener over that of Icecast, 1,000 listeners", one / other, 1)
    if start := row_of(results, "start", server="voicecast"):
        add("start to listening, ms", start["start_ms"], 300)
        add("idle CPU %", start["idle_cpu_percent"], 0.1)
        add("idle resident MB", start["idle_resident_mb"], 40)
    return found


PLOTS = [
    ("CPU per receiver, ms a second", lambda row: row["cpu_ms"]),
    ("Memory per receiver, kB", lambda row: row["memory_kb"]),
    ("Threads per receiver", lambda row: row["threads"]),
    ("Join, p50, ms", lambda row: row["join_ms"]["p50"]),
    ("Added delay, p50, ms", lambda row: row["delay_ms"]["p50"]),
    ("Added delay, p99, ms", lambda row: row["delay_ms"]["p99"]),
]


def plots(rows):
    """One drawing (SVG) of how each grows with its receivers."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    drawing, axes = pyplot.subplots(2, 3, figsize=(13, 7.5), layout="constrained")
    for axis, (title, of) in zip(axes.flat, PLOTS):
        for name in dict.fromkeys(row["server"] for row in rows):
            points = sorted((row["receivers"], of(row)) for row in rows if row["server"] == name and of(row) is not None)
            axis.plot(*zip(*points), marker="o", label=NAMES[name])
        axis.set(title=title, xlabel="receivers", xscale="log", yscale="log")
        axis.grid(alpha=0.3)
    axes.flat[0].legend()
    text = io.StringIO()
    drawing.savefig(text, format="svg")
    return text.getvalue()


def as_page(results):
    parts = []
    for title, (head, *lines) in tables(results):
        parts.append(f"<h2>{html.escape(title)}</h2><table><tr>")
        parts += [f"<th>{html.escape(text)}</th>" for text in head]
        parts += ["<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in line) for line in lines]
        parts.append("</table>")
    parts.append("<h2>Goals</h2><table><tr><th>what</th><th>measured</th><th>at most</th><th></th>")
    for what, value, limit in goals(results):
        verdict = "met" if value <= limit else "<b>missed</b>"
        parts.append(f"<tr><td>{html.escape(what)}<td>{figure(value)}<td>{figure(limit)}<td>{verdict}")
    parts.append("</table>")
    if results.get("receivers"):
        svg = plots(results["receivers"])
        parts.insert(0, svg[svg.index("<svg"):])
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>voicecast beside others</title>
<style>body{{font:15px sans-serif;margin:2em auto;max-width:75em;padding:0 1em}}td,th{{padding:.2em .7em;text-align:right}}
td:first-child,th:first-child{{text-align:left}}table{{border-collapse:collapse}}tr{{border-bottom:1px solid #ddd}}
svg{{width:100%;height:auto}}</style>
<h1>voicecast beside others</h1><p>{html.escape(results['machine'])}; medians of {results['repeats']} runs.</p>
{''.join(parts)}</html>"""
