extension StatusPage {
  /// The page's look in light and dark; the shades of the map are `.s0` to `.s7`, as `Strip.Step`
  /// counts them.
  static let style: HTML = """
    :root{--bg:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5d6b7c;--line:#e2e6ec;--bad:#c62f3b;\
    --warn:#a86400;--good:#1a7f4b;--badbg:#fdecee;--warnbg:#fdf3e1;--goodbg:#e5f5ec;\
    --e:#f4f6f8;--s0:#7d8b9b;--s1:#c62f3b;--s2:#cfe4f3;--s3:#8fc1e3;--s4:#3f8fc7;--s5:#134f82;--s6:#1a7f4b;--s7:#a86400;--bar:#3f8fc7}
    @media screen and (prefers-color-scheme:dark){:root{--bg:#0f1419;--card:#182029;--ink:#e4e9ef;--soft:#93a1b2;\
    --line:#2a3541;--bad:#ff7a80;--warn:#f2b35a;--good:#5fd097;--badbg:#3a1d22;--warnbg:#372a15;\
    --goodbg:#15321f;--e:#1e2731;--s0:#74839a;--s1:#ff5763;--s2:#1d3f5a;--s3:#2a6c9b;--s4:#4ba3dd;--s5:#b5e0ff;--s6:#5fd097;--s7:#f2b35a;--bar:#4ba3dd}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);\
    font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:1240px;margin:0 auto;padding:24px 20px 48px}
    header{margin-bottom:16px}
    h1{display:inline-block;margin:0 12px 0 0;font-size:24px;overflow-wrap:anywhere}
    h2{margin:0 0 8px;font-size:16px}
    h3{margin:14px 0 4px;font-size:13px;color:var(--soft)}
    p{margin:4px 0}
    section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 16px;min-width:0}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:16px;align-items:start}
    .pair>*{min-width:0}.pair section{margin:0}.pair{margin-bottom:16px}
    .quiet,small{color:var(--soft)}
    .path{color:var(--soft);font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:12px;overflow-wrap:anywhere}
    .pill{display:inline-block;padding:2px 10px;border-radius:99px;font-weight:600;font-size:12px;vertical-align:5px}
    .pill.bad{color:var(--bad);background:var(--badbg)}.pill.warn{color:var(--warn);background:var(--warnbg)}
    .pill.good{color:var(--good);background:var(--goodbg)}
    .findings{list-style:none;margin:0;padding:0;display:grid;gap:8px}
    .findings li{padding:8px 12px;border-left:4px solid;border-radius:4px;overflow-wrap:anywhere}
    .findings .bad{border-color:var(--bad);background:var(--badbg)}
    .findings .warn{border-color:var(--warn);background:var(--warnbg)}
    .findings span{color:var(--soft);display:block}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(142px,1fr));gap:14px}
    .tile{display:flex;flex-direction:column}.tile b{font-size:21px;font-variant-numeric:tabular-nums}
    .tile small{font-size:11px;white-space:nowrap}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:13px}
    th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
    th{color:var(--soft);font-weight:600;overflow-wrap:normal}.scroll td{overflow-wrap:normal}
    tr:last-child>td{border-bottom:0}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    th:last-child,td:last-child{padding-right:0}
    .id{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:12px}
    .id,.keep{white-space:nowrap}
    .sheet{margin-top:8px}.sheet thead th{color:var(--ink)}.sheet tfoot td{color:var(--soft)}
    .sheet .bad td{color:var(--bad);font-weight:600}
    .failures{margin:0;padding-left:18px;font-size:12px;overflow-wrap:anywhere}
    .dot{display:inline-block;width:9px;height:9px;border-radius:9px;margin-right:6px}
    .dot.good{background:var(--good)}.dot.warn{background:var(--warn)}.dot.bad{background:var(--bad)}
    .bars .name{width:50%}.bars .bar{width:35%}.bar i{display:block;height:12px;margin-top:4px;border-radius:3px;background:var(--bar)}
    .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px;color:var(--soft);margin:8px 0}
    .legend svg{vertical-align:-1px}
    .map{overflow:auto;max-height:80vh;direction:rtl}
    .plane{display:flex;width:max-content;margin-right:auto;direction:ltr}
    .plane svg{display:block;flex:none}
    .names{position:sticky;left:0;z-index:1;background:var(--card)}
    .e{fill:var(--e)}path{fill-rule:evenodd}
    .s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2);stroke:var(--s3);stroke-width:.5}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}.s6{fill:var(--s6)}.s7{fill:var(--s7)}
    .accounts{columns:1}details{border-top:1px solid var(--line);padding:4px 0}summary{cursor:pointer}
    details .map{max-height:none;margin-top:6px}
    .cross,.halo{fill:none;stroke-linecap:round}.cross{stroke:var(--bad);stroke-width:2.5}
    .halo{stroke:var(--card);stroke-width:6}
    svg text{font-family:ui-monospace,"DejaVu Sans Mono",monospace;fill:var(--ink)}
    .tall .name{font-size:12px}.dense .name{font-size:10px}
    svg .look text{fill:var(--bad);font-weight:600}
    @media screen and (max-width:600px){main{padding:12px 8px}section{padding:12px}.names{width:var(--narrow)}\
    .tall .two .name{font-size:9px}.tall .two .account{transform:translateY(-5px)}\
    .dense .two .name{font-size:5.5px}.dense .two .account{transform:translateY(-3.5px)}\
    .two .place{transform:translate(var(--in),4px)}.dense .two .place{transform:translate(var(--in),2px)}}
    svg .axis{font-size:10px;fill:var(--soft)}.tick{stroke:var(--soft);fill:none}
    @media print{.map{max-height:none;overflow:visible;direction:ltr}.plane{zoom:var(--fit)}.names{position:static}section{break-inside:avoid}}
    """
}
