# SPDX-License-Identifier: BSD-2-Clause
"""Tools that read documents: Sphinx, and the kernel's own."""
import re
import subprocess

# As plain as it goes: what is asked is whether Sphinx takes the pages.
CONF = """project = 'custody'
extensions = ['sphinx.ext.graphviz']
graphviz_output_format = 'svg'
html_theme = 'basic'
html_copy_source = html_use_index = html_permalinks = smartquotes = False
"""


def sphinx(folder, texts):
    """Builds pages of these texts in the folder; warnings are errors."""
    (folder / "conf.py").write_text(CONF)
    for name, text in texts.items():
        (folder / f"{name}.rst").write_text(text)
    index = "contracts\n=========\n\n.. toctree::\n\n" + "".join(f"   {name}\n" for name in texts)
    (folder / "index.rst").write_text(index)
    return subprocess.run(["sphinx-build", "-q", "-W", "--keep-going", "-b", "html", folder, folder / "html"],
                          capture_output=True, text=True, timeout=300, check=False)


def members(text):
    """The declarations of struct dma_buf_ops in their order, blanks folded."""
    body = re.search(r"^struct dma_buf_ops \{\n(.*?)^\};", text, re.M | re.S).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    return [" ".join(declaration.split()) for declaration in body.split(";") if declaration.strip()]


def kernel_doc(linux, *files):
    """What the kernel's scripts/kernel-doc says: its status, and its complaints."""
    done = subprocess.run(["perl", linux / "scripts/kernel-doc", "-none", "-Werror", *files], capture_output=True, text=True,
                          timeout=100, check=False)
    return done.returncode, done.stdout + done.stderr
