/** One page, without data: operator.js asks for it every second. Icons are drawn here, so that nothing is fetched from elsewhere. */
export const operatorPage = `<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loket, wat binnenkomt</title>
<link rel="stylesheet" href="/assets/pages.css">
<script src="/assets/operator.js" type="module"></script>
</head>
<body class="op">
<svg class="sprite" aria-hidden="true">
<symbol id="sealed" viewBox="0 0 24 24"><rect x="5" y="10.5" width="14" height="9.5" rx="1.5"/><path d="M8 10.5V7.8a4 4 0 0 1 8 0v2.7"/></symbol>
<symbol id="received" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.2 2"/></symbol>
<symbol id="executed" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M7.8 12.4l2.9 2.9 5.6-6"/></symbol>
<symbol id="quarantined" viewBox="0 0 24 24"><path d="M12 3.5L21.5 20h-19z"/><path d="M12 9.5v5M12 17v.4"/></symbol>
</svg>
<header class="op__band">
<div><p class="small">Middleware</p><h1>Wat binnenkomt</h1></div>
<dl class="op__totals">
<div><dt>Ontvangen</dt><dd id="total-received">0</dd></div>
<div><dt>Uitgevoerd</dt><dd id="total-executed">0</dd></div>
<div id="quarantine"><dt>In quarantaine</dt><dd id="total-quarantined">0</dd></div>
<div class="op__at"><dt>Stand van</dt><dd id="at">even geduld</dd></div>
</dl>
<p class="op__demo"><strong>Demo</strong> Verzonnen gegevens, zonder aanmelden</p>
</header>
<main>
<p id="silent" class="care" role="status" hidden>De middleware antwoordt niet. Wat hier staat, is van de laatste keer dat zij antwoordde.</p>
<p id="none" class="op__none">Nog niets ontvangen. Wat een kiosk doorstuurt, verschijnt hier vanzelf.</p>
<div class="op__scroll" id="some" hidden>
<table>
<caption>De laatste 100, nieuwste eerst. Geen namen en geen nummers van burgers.</caption>
<thead><tr><th scope="col">Referentie</th><th scope="col">Terminal</th><th scope="col">Product</th><th scope="col">Wat ermee gebeurde</th><th scope="col" class="num">Keer uitgevoerd</th><th scope="col">Ontvangen</th></tr></thead>
<tbody id="rows"></tbody>
</table>
</div>
</main>
</body>
</html>
`;
