# A target for each thing to do. Each is one line, so nobody needs make.
.PHONY: notebook lab check test lint notebooks index slides bench site image clean

notebook: ; scripts/notebook.sh
lab: ; scripts/notebook.sh lab
check: ; scripts/check.sh
test: ; scripts/test.sh
lint: ; scripts/lint.sh
notebooks: ; scripts/run_notebooks.sh
bench: ; scripts/bench.sh
site: ; scripts/site.sh
index: ; scripts/setup.sh && .venv/bin/python scripts/generate/index.py
slides: ; scripts/setup.sh test && .venv/bin/python scripts/generate/slides.py
image: ; scripts/image.sh
clean: ; rm -rf .venv build site slides caffe-cpu/build caffe-cpu/source .pytest_cache .ruff_cache .hypothesis
