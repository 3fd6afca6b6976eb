import importlib, io, os, time, traceback, contextlib


def test_dev(cast):
    for w in ():
        pass
    space = {"story": cast}
    while True:
        if os.path.exists("/tmp/s5/stop"):
            return
        if not os.path.exists("/tmp/s5/cmd.py"):
            time.sleep(0.2)
            continue
        code = open("/tmp/s5/cmd.py").read()
        os.remove("/tmp/s5/cmd.py")
        out = io.StringIO()
        start = time.time()
        with contextlib.redirect_stdout(out):
            try:
                for n in ("people", "test_1_office", "test_2_department", "test_3_sheets"):
                    try:
                        m = importlib.import_module("tests.stories.issued_sheets." + n)
                        if n != "people":
                            importlib.reload(m)
                        space.update({k: v for k, v in vars(m).items() if not k.startswith("__")})
                    except ModuleNotFoundError:
                        pass
                exec(code, space)
            except BaseException:
                print(traceback.format_exc()[-2500:])
            for p in cast.problems():
                print("PROBLEM", p)
            print("took", round(time.time() - start, 1))
        open("/tmp/s5/out.tmp", "w").write(out.getvalue())
        os.rename("/tmp/s5/out.tmp", "/tmp/s5/out")
