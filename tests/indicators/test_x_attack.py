"""Scratch attacks."""
import io, json, zipfile, random
import openpyxl
import pytest
from tests.indicators.books import changed_book
from tests.indicators.test_part_imports import bring, found_of, codes, fresh  # noqa
from kaohe.core.errors import Refusal
from kaohe.documents.plan_book_columns import STAMP

def rezip(data, fix):
    src = zipfile.ZipFile(io.BytesIO(data)); out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for i in src.infolist():
            d = fix(i.filename, src.read(i))
            if d is not None: z.writestr(i.filename, d)
    return out.getvalue()

BASES = ['{"indicators": 3}', '{"indicators":[3]}', '{"indicators":[{}]}', '{"sheets": []}', '{"sheets": {"a": 3}}','{"sheets": {"a": {"values": 3}}}', '{"sheets": {"a": {"values": {"b": {"c": {}}}, "not_applicable":{}, "nodes":{}}}}',
  '{"preface": 3}', '{"indicators":[{"item": {"x":1}}]}', '{"indicators":[{"item": 5, "name": 3}]}', '{"sheets": {"a": {"nodes": {"b":[{"milestone":null}]}}}}', '['*100000, '{"a":'*100000, '{"indicators":[{"item":"J01","name":"x"},{"item":"J01","name":"y"}]}', '{"sheets":{"x":{"values":{},"not_applicable":{},"nodes":{"J01":[{"milestone":"m","share":"abc","due_on":"zz"}]}}}}', '{"indicators":[{"item":"","name":"x"}]}']

@pytest.mark.parametrize("n", range(len(BASES)))
def test_stamp(bring, draft, dept_clerk, n):
    def edit(book):
        page = book[STAMP]
        facts = json.loads(page.cell(1,1).value); facts["digest"] = "0"*64
        page.cell(1,1).value = json.dumps(facts)
        page.delete_rows(2, page.max_row)
        t = BASES[n]
        for k in range(0, len(t), 30000):
            page.cell(2+k//30000, 1).value = t[k:k+30000]
    try:
        row = bring(("方案", 2, "指标名称", "改了"), edit=edit)
        print(codes(row), len(found_of(row).changes))
        from kaohe.indicators.services import part_imports as services
        try:
            services.apply_part_file(by=dept_clerk, row=row, seen=row.version, insist=True)
            from kaohe.indicators.queries.parts import plan_in
            plan_in(fresh(draft))
        except Refusal as r: print(r.code)
    except Refusal as r:
        print(r.code, r.say())

def test_stamp_far(bring, draft):
    def edit(book):
        book[STAMP].cell(1048576, 16384).value = "x"
    row = bring(("方案", 2, "指标名称", "改了"), edit=edit)
    print(codes(row))

PARTS = ["docProps/core.xml","docProps/app.xml","xl/styles.xml","xl/theme/theme1.xml","xl/_rels/workbook.xml.rels","[Content_Types].xml","_rels/.rels","xl/workbook.xml","xl/sharedStrings.xml","xl/worksheets/sheet1.xml","xl/worksheets/sheet2.xml"]
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("how", ["garbage","empty","gone","half","entity"])
def test_broken_part(bring, draft, part, how):
    data = changed_book(draft, ("方案", 2, "指标名称", "改了"))
    def fix(name, d):
        if name != part: return d
        ent = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return {"garbage": b"<<not xml", "empty": b"", "gone": None, "half": d[:len(d)//2], "entity": ent + d.split(b"?>",1)[-1]}[how]
    try:
        row = bring(data=rezip(data, fix)); print(codes(row))
    except Refusal as r: print(r.code)

@pytest.mark.parametrize("seed", range(25))
def test_fuzz_bytes(bring, draft, seed):
    rnd = random.Random(seed)
    data = changed_book(draft, ("方案", 2, "指标名称", "改了"))
    def fix(name, d):
        if rnd.random() < .4 and d:
            d = bytearray(d)
            for _ in range(rnd.choice([1,3,20])):
                d[rnd.randrange(len(d))] = rnd.choice([0,60,62,34,38,255,48,57])
            d = bytes(d)
        return d
    try:
        row = bring(data=rezip(data, fix)); print(codes(row))
    except Refusal as r: print(r.code)
