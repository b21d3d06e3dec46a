"""Tables for people, JSON for machines, one line of history for each run."""

import json

from bench import machine
from common import say, write_atomically

COLUMNS = (
    ("subject", "name", "{}"),
    ("queries/unit", "queries_per_unit", "{:.2f}"),
    ("queries", "queries_range", "{}"),
    ("CPU ms/unit", "cpu_ms_per_unit", "{:.2f}"),
    ("Python", "python_cpu_ms_per_unit", "{:.2f}"),
    ("PostgreSQL", "backend_cpu_ms_per_unit", "{:.2f}"),
    ("wall ms/unit", "wall_ms_per_unit", "{:.2f}"),
    ("wall s", "wall_s_min", "{:.2f}"),
    ("median s", "wall_s_median", "{:.2f}"),
    ("peak MB", "peak_rss_mb", "{:.0f}"),
)
HISTORY_KEYS = (
    "number",
    "queries",
    "queries_per_unit",
    "cpu_ms_per_unit",
    "wall_ms_per_unit",
    "wall_s_median",
    "peak_rss_mb",
    "foreign_cores",
)


def cell(subject, key, shape):
    value = subject.get(key)
    if value is None:
        return "-"
    return "–".join(map(str, value)) if isinstance(value, list) else shape.format(value)


def table(section):
    """Lines of the table of a section: the minimum of the runs, exact queries."""
    rows = [[title for title, _key, _shape in COLUMNS]]
    rows += [
        [cell(subject, key, shape) for _title, key, shape in COLUMNS]
        for subject in section["subjects"]
        if "unavailable" not in subject
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = [
        "  ".join(
            text.ljust(width) if not place else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return [*lines, *remarks(section), *verdicts(section)]


def verdicts(section):
    """One line for each figure that was promised."""
    return [
        f"{'ok ' if bar['is_met'] else 'NOT MET'}  {bar['what']}: {bar['value']:.2f} "
        f"({'at least' if bar['at_least'] else 'at most'} {bar['limit']:g})"
        for bar in section.get("bars", ())
    ]


def remarks(section):
    """What a reader of the table must know besides."""
    lines = []
    for subject in section["subjects"]:
        if reason := subject.get("unavailable"):
            lines.append(f"{subject['name']}: {reason}")
        if subject.get("note"):
            lines.append(f"{subject['name']}: {subject['note']}")
        if facts := subject.get("facts"):
            lines.append(f"{subject['name']}: " + ", ".join(f"{number} {name}" for name, number in facts.items()))
    measured = [subject for subject in section["subjects"] if "runs" in subject]
    if any(subject["backend_cpu_s_min"] is None for subject in measured):
        lines.append("CPU of PostgreSQL is left out: its server is not on this machine.")
    disturbed = [subject["name"] for subject in measured if is_disturbed(subject)]
    if disturbed:
        lines.append(
            f"LOAD TOO HIGH for honest times ({', '.join(disturbed)}): even in the best run other processes kept "
            f"more than {machine.HONEST_FOREIGN_CORES} cores busy. Query counts hold; measure times on an idle machine."
        )
    return lines


def is_disturbed(subject):
    foreign = subject["foreign_cores"]
    return foreign is not None and foreign > machine.HONEST_FOREIGN_CORES


def print_section(section):
    first = section["subjects"][0]
    unit = first["unit"] if first["per"] == 1 else f"{first['per']} {first['unit']}s"
    say(f"\n{section['title']} (unit: {unit}; minimum of {section['runs']} interleaved runs)")
    for line in table(section):
        say(f"  {line}")


def write_latest(folder, date, facts, sections):
    """Write latest.json; sections that were not run keep their last figures and date."""
    path = folder / "latest.json"
    earlier = json.loads(path.read_text())["sections"] if path.exists() else {}
    fresh = {name: {"date": date, "machine": facts, **section} for name, section in sections.items()}
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps({"sections": {**earlier, **fresh}}, indent=1, ensure_ascii=False) + "\n")


def append_history(folder, date, facts, sections):
    """Append one line with the figures of this run."""
    figures = {
        name: {
            subject["name"]: {key: rounded(subject.get(key)) for key in HISTORY_KEYS}
            for subject in section["subjects"]
            if "runs" in subject
        }
        for name, section in sections.items()
    }
    known = {key: facts[key] for key in ("cpu", "cores", "odoo", "postgresql", "commit")}
    with (folder / "history.jsonl").open("a") as history:
        history.write(json.dumps({"date": date, **known, "sections": figures}, ensure_ascii=False) + "\n")


def rounded(value):
    return round(value, 3) if isinstance(value, float) else value
