"""Draws the PNG icons of the app from icons/icon.svg, with the browser that the tests use.

    .venv/bin/python web/build/icons.py

Run it after changing the SVG; the pictures are committed.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parents[1] / "public" / "icons"
SVG = (ICONS / "icon.svg").read_text()
# A maskable icon may lose a fifth at each side: the same drawing, smaller, on full ground.
MASKABLE = SVG.replace('rx="112"', "").replace("<path", '<g transform="translate(64 64) scale(.75)"><path', 1)
MASKABLE = MASKABLE.replace("</svg>", "</g></svg>")
PICTURES = {
    "icon-180.png": (180, SVG.replace('rx="112"', "")),
    "icon-192.png": (192, SVG),
    "icon-512.png": (512, SVG),
    "icon-maskable-512.png": (512, MASKABLE),
}

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
    for name, (size, drawing) in PICTURES.items():
        page = browser.new_page(viewport={"width": size, "height": size})
        sized = drawing.replace("<svg ", f'<svg width="{size}" height="{size}" ')
        page.set_content(f"<body style='margin:0;line-height:0'>{sized}</body>")
        page.screenshot(path=ICONS / name, omit_background=True)
    browser.close()
