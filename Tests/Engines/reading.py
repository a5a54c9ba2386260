"""What is in a dataset's files, read with Python's standard library alone, with numbers as text."""
import collections, csv, datetime, gzip, io, json, math, pathlib, re, sys, urllib.parse

sys.setrecursionlimit(50_000)
csv.field_size_limit(1 << 30)


class Number(str):
    """A number as its text."""


def first_of_each(pairs):
    members = {}
    for name, value in pairs: members.setdefault(name, value)
    return members


DECODER = json.JSONDecoder(object_pairs_hook=first_of_each, parse_int=Number, parse_float=Number)


def parse(text):
    return DECODER.decode(text)


def mended(value, mark="\ufffd"):
    """A value with a mark for each half of a surrogate pair."""
    if isinstance(value, Number): return value
    if isinstance(value, str): return re.sub("[\ud800-\udfff]", mark, value)
    if isinstance(value, list): return [mended(item, mark) for item in value]
    if isinstance(value, dict): return {mended(name, mark): mended(item, mark) for name, item in value.items()}
    return value


def by_value(value):
    """A value whose fractions are compared as DuckDB keeps them: in 64 bits, if they are large enough."""
    if isinstance(value, Number):
        if not re.search("[.eE]", value): return ("number", "0" if value == "-0" else str(value))
        number = float(value)
        return ("number", str(value) if math.isinf(number) else repr(number))
    if isinstance(value, list): return [by_value(item) for item in value]
    if isinstance(value, dict): return {name: by_value(item) for name, item in value.items()}
    return value


def text_of(value):
    """How a value is shown in a column of text: None for nothing."""
    if value is None: return None
    if value is True: return "true"
    if value is False: return "false"
    return str(value) if isinstance(value, str) else value


def frozen(value):
    """A value that can be counted."""
    if isinstance(value, list): return ("[", *map(frozen, value))
    if isinstance(value, dict): return ("{", *sorted(((name, frozen(item)) for name, item in value.items()), key=lambda pair: pair[0]))
    return ("n", str(value)) if isinstance(value, Number) else value


def opened(text):
    """Text that is an object or an array as JSON, as its value; any other as it is."""
    if not isinstance(text, str) or isinstance(text, Number) or text[:1] not in ("{", "["): return text
    try:
        return parse(text)
    except ValueError:
        return text


def has_flaw(line):
    """Whether strict readers refuse a record."""
    try:
        value = parse(line.decode())
    except UnicodeDecodeError:
        return True
    return mended(value) != value


def is_utf8(line):
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def has_doubles(line):
    """Whether an object in a record has two members of one name."""
    found = []
    json.loads(line.decode("utf-8", "replace"), parse_int=str,
               object_pairs_hook=lambda pairs: found.append(len(dict(pairs)) < len(pairs)))
    return any(found)


def files(folder, ending):
    for path in sorted(pathlib.Path(folder).rglob("part-*")):
        if not path.name.endswith(ending) and not path.name.endswith(ending + ".gz"): continue
        values = {}
        for part in path.relative_to(folder).parts[:-1]:
            key, value = part.split("=", 1)
            values[key] = None if value == "__HIVE_DEFAULT_PARTITION__" else urllib.parse.unquote(value)
        data = path.read_bytes()
        yield gzip.decompress(data) if path.name.endswith(".gz") else data, values


def records(folder):
    """The records of an output, each with the values of its partition."""
    for data, values in files(folder, ".ndjson"):
        for line in data.split(b"\n")[:-1]:
            yield line, parse(line.decode("utf-8", "replace")), values


def rows(folder):
    """The rows of an output, each with the values of its partition."""
    for data, values in files(folder, ".csv"):
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = next(lines)
        for row in lines: yield header, row, values


TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-]\d\d):?(\d\d)?)?$")


def instant(text):
    """Microseconds since year 1 of a time as CloudTrail writes it, cut; None for anything else."""
    found = isinstance(text, str) and TIME.match(text)
    if not found: return None
    date, clock, fraction, hours, minutes = found.groups()
    time = datetime.datetime.fromisoformat(date + "T" + clock) - datetime.datetime.min
    offset = int(hours or 0) * 3600 + (-1 if (hours or "").startswith("-") else 1) * int(minutes or 0) * 60
    return time // datetime.timedelta(microseconds=1) - offset * 1_000_000 + int((fraction or "0").ljust(6, "0")[:6])


def difference(expected, found, limit=3):
    """What is different in two lists of rows, whatever their order; None for nothing."""
    left, right = collections.Counter(map(frozen, expected)), collections.Counter(map(frozen, found))
    if left == right: return None
    lines = [f"{len(expected)} rows expected, {len(found)} found"]
    lines += ["  expected " + repr(row)[:400] for row in list((left - right))[:limit]]
    lines += ["  found    " + repr(row)[:400] for row in list((right - left))[:limit]]
    return "\n".join(lines)
