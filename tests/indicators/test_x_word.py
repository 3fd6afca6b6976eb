import io, random, zipfile
import pytest
from tests.indicators.word_files import HEADS, word
from tests.indicators.test_word_sheets import UNITS
from kaohe.indicators.reading.word_plan import plan_from_word
from kaohe.indicators.reading.word_sheets import WordReader
from tests.indicators.test_x_attack import rezip
BASE = word("示例市第一中学", [list(HEADS), ["1","主体业务开展（50分）","合格率","15","≥95%","≥95%得满分，每低1个百分点扣1分"]])
NAMES = zipfile.ZipFile(io.BytesIO(BASE)).namelist()
def run(tmp_path, data):
    p = tmp_path/"a.docx"; p.write_bytes(data)
    f = WordReader(UNITS, {}, str).read(p)
    if f.rows: plan_from_word(f, {})
    return f
@pytest.mark.parametrize("part", NAMES)
def test_parts(tmp_path, part):
    for how in ("garbage","empty","gone","half"):
        def fix(name,d):
            if name!=part: return d
            return {"garbage": b"<<not", "empty": b"", "gone": None, "half": d[:len(d)//2]}[how]
        run(tmp_path, rezip(BASE, fix))
@pytest.mark.parametrize("seed", range(60))
def test_bytes(tmp_path, seed):
    rnd = random.Random(seed)
    def fix(name,d):
        if d and rnd.random()<.5:
            d=bytearray(d)
            for _ in range(rnd.choice([1,3,20])): d[rnd.randrange(len(d))]=rnd.choice([0,60,62,34,38,255,48,57])
            d=bytes(d)
        return d
    run(tmp_path, rezip(BASE, fix))
    raw = bytearray(BASE)
    for _ in range(5): raw[rnd.randrange(len(raw))] = rnd.randrange(256)
    run(tmp_path, bytes(raw))
TXT = ["=cmd|' /C calc'!A0","9"*400,"1e999","-0","NaN","≥"*5000,"𠀀䶮\u202e","<script>","","0","99999999999999999999","95%"*900,"每低1个百分点扣99999999999分","得满分，每低0扣0分","每发生一起扣0分","2026年13月45日","1/0","①②③","Ⅻ","٣٤","．５"]
@pytest.mark.parametrize("seed", range(150))
def test_texts(tmp_path, seed):
    rnd = random.Random(seed)
    rows=[list(HEADS)]
    for k in range(4):
        rows.append([rnd.choice(TXT+[x]) for x in ["1","主体业务开展（50分）","合格率","15","≥95%","≥95%得满分，每低1个百分点扣1分"]])
    rows[2][3] = rnd.choice([None, "5"]); 
    run(tmp_path, word("示例市第一中学", rows))
