// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the report looks.
//
// Quiet by rule (ISA-101 practice for operator displays): grey and muted tones for all that is
// normal, saturated colour only for limits that are crossed and trips. One column, because charts
// that share a time axis are read downwards. Two palettes, chosen by the reader's system; print is
// always light and keeps figures whole.

namespace ampacity::report {

inline constexpr const char* style = R"css(
:root{
  --page:#f5f6f7;--card:#fff;--ink:#1b2025;--soft:#56616b;--faint:#87919a;--rule:#e2e5e8;--mesh:#edeff1;
  --alarm:#c62f28;--alarm-wash:#fbecea;--warn:#c97c12;--calm:#5f7f6b;
  --grid:#8b99a6;--solar:#dcb85a;--smr:#74a091;--battery:#9d8bb8;--ups:#c3a6bd;
  --it:#54728f;--it-air:#8fa7bf;--cool:#77b0b2;--loss:#c2b7aa;
  --c1:#3f7f8b;--c2:#69a5a9;--c3:#97c5c3;--c4:#c3dfdb;--c5:#8fa894;--c6:#b9c9b4;
  --warm:#b3693f;--middle:#54728f;--cold:#3f8fae;--second:#8d7bab;--third:#7f9a5c;--dark:#39434c;
}
@media (prefers-color-scheme:dark){:root{
  --page:#121517;--card:#1a1e22;--ink:#e6eaed;--soft:#a6b0b8;--faint:#76818a;--rule:#2a3036;--mesh:#242a2f;
  --alarm:#f0655c;--alarm-wash:#3a2021;--warn:#e0a03c;--calm:#86ab93;
  --grid:#71808d;--solar:#c7a447;--smr:#5d8a7b;--battery:#8473a0;--ups:#9f8299;
  --it:#56789b;--it-air:#7892ad;--cool:#5a9496;--loss:#8d8478;
  --c1:#35707b;--c2:#518b8f;--c3:#76a9a7;--c4:#a3c5c0;--c5:#6f8874;--c6:#98aa93;
  --warm:#d58b5f;--middle:#82a4c6;--cold:#62b0cd;--second:#ab9aca;--third:#a2bd80;--dark:#c3ccd3;
}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:52px}
body{margin:0;background:var(--page);color:var(--ink);
  font:15px/1.5 Inter,"Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;
  font-variant-numeric:tabular-nums}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 24px}
nav{position:sticky;top:0;z-index:2;background:var(--page);border-bottom:1px solid var(--rule)}
nav div{max-width:1120px;margin:0 auto;padding:9px 24px;display:flex;gap:20px;align-items:baseline;font-size:13px}
nav strong{font-weight:600;letter-spacing:.01em}
nav a{color:var(--soft);text-decoration:none}
nav a:hover{color:var(--ink)}
nav output{margin-left:auto;color:var(--ink);font-weight:600;min-width:3em;text-align:right}
header{padding-top:34px;padding-bottom:8px}
h1{font-size:27px;line-height:1.25;font-weight:600;letter-spacing:-.012em;margin:0 0 6px;max-width:34em}
.when{color:var(--soft);margin:0}
.verdict{margin:20px 0 0;padding:13px 16px;border-left:3px solid var(--calm);background:var(--card);font-size:16px}
.verdict.bad{border-color:var(--alarm);background:var(--alarm-wash)}
.verdict.note{border-color:var(--warn)}
h2{font-size:19px;font-weight:600;letter-spacing:-.006em;margin:46px 0 4px}
h2+p{color:var(--soft);margin:0 0 14px;max-width:62em}
h3{font-size:14.5px;font-weight:600;margin:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(196px,1fr));background:var(--card);
  border:1px solid var(--rule);margin:22px 0 0;overflow:hidden}
.tile{padding:14px 16px 13px;box-shadow:1px 1px 0 var(--rule)}
.tile .name{font-size:12.5px;color:var(--soft);margin:0}
.tile .value{font-size:27px;line-height:1.25;font-weight:500;letter-spacing:-.02em;margin:2px 0 3px}
.tile .value small{font-size:14px;font-weight:400;letter-spacing:0;color:var(--soft);margin-left:3px}
.tile .what{font-size:12px;line-height:1.4;color:var(--faint);margin:0}
.tile.bad .value{color:var(--alarm)}
.card,.chart{background:var(--card);border:1px solid var(--rule);margin:0 0 12px;padding:14px 16px 8px}
.chart{break-inside:avoid}
figcaption{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline}
figcaption p{margin:0;font-size:12.5px;color:var(--faint)}
.legend{list-style:none;margin:6px 0 4px;padding:0;display:flex;flex-wrap:wrap;gap:2px 20px;font-size:12.5px;color:var(--soft)}
.legend li{white-space:nowrap}
.legend b{font-weight:600;color:var(--ink)}
.legend em{font-style:normal;color:var(--faint);margin-left:2px}
.reading .legend em{display:none}
.legend i{display:inline-block;width:11px;height:11px;margin-right:6px;vertical-align:-1px;border-radius:2px;background:var(--tone)}
.legend i.dash{height:0;border-top:2.5px solid var(--tone);background:none;border-radius:0;vertical-align:4px;width:15px}
.legend i.aim{border-top:1.5px dashed var(--faint)}
.legend i.range{background:var(--middle);opacity:.22}
svg.plot{display:block;width:100%;height:auto;overflow:visible;touch-action:pan-y}
svg text{font-size:11px;fill:var(--faint)}
svg text.unit{fill:var(--soft)}
line.grid{stroke:var(--mesh)}
line.zero{stroke:var(--faint);stroke-width:.8}
line.tick{stroke:var(--rule)}
line.lane{stroke:var(--mesh)}
line.mark{stroke-width:1;opacity:.4;stroke-dasharray:2 3}
line.mark.limit{stroke:var(--warn)}
line.mark.trip{stroke:var(--alarm);opacity:.75}
line.level{stroke-width:1.2;stroke-dasharray:6 4}
line.level.limit{stroke:var(--alarm);opacity:.75}
line.level.aim{stroke:var(--faint)}
text.level.limit{fill:var(--alarm)}
text.level{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
line.cursor{stroke:var(--ink);stroke-width:1;visibility:hidden;pointer-events:none}
svg.on line.cursor{visibility:visible}
path.line{fill:none;stroke:var(--tone);stroke-width:1.5;stroke-linejoin:round;vector-effect:non-scaling-stroke}
path.line.over{stroke:var(--alarm);stroke-width:2.2}
path.area{fill:var(--tone)}
path.range{fill:var(--middle);opacity:.16}
.t-grid{--tone:var(--grid)}.t-solar{--tone:var(--solar)}.t-smr{--tone:var(--smr)}.t-battery{--tone:var(--battery)}
.t-ups{--tone:var(--ups)}.t-it{--tone:var(--it)}.t-it-air{--tone:var(--it-air)}.t-cool{--tone:var(--cool)}
.t-loss{--tone:var(--loss)}.t-c1{--tone:var(--c1)}.t-c2{--tone:var(--c2)}.t-c3{--tone:var(--c3)}.t-c4{--tone:var(--c4)}
.t-c5{--tone:var(--c5)}.t-c6{--tone:var(--c6)}.t-warm{--tone:var(--warm)}.t-middle{--tone:var(--middle)}
.t-cold{--tone:var(--cold)}.t-second{--tone:var(--second)}.t-third{--tone:var(--third)}.t-dark{--tone:var(--dark)}
.event circle,.event rect{fill:var(--faint)}
line.event{stroke:var(--faint);stroke-width:1.2}
.event.warning circle,.event.warning rect{fill:var(--warn)}
.event.limit circle,.event.limit rect{fill:var(--card);stroke:var(--alarm);stroke-width:1.6}
.event.trip circle,.event.trip rect{fill:var(--alarm)}
.event text{fill:#fff;font-size:10px;font-weight:600}
.event.limit text{fill:var(--alarm)}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:600;text-align:left;color:var(--soft);font-size:12.5px}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--mesh);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}
tr.sum td{font-weight:600;border-top:1px solid var(--faint);border-bottom:0}
tr.gap td{border-bottom:0;padding-top:14px;font-weight:600;color:var(--soft);font-size:12.5px}
td.sev{white-space:nowrap;width:8em}
td.sev::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:8px;background:var(--faint)}
td.sev.warning::before{background:var(--warn)}
td.sev.limit::before{background:var(--card);box-shadow:inset 0 0 0 2px var(--alarm)}
td.sev.trip::before{background:var(--alarm)}
td.path{color:var(--soft);overflow-wrap:anywhere}
.bar{display:inline-block;height:9px;background:var(--tone);vertical-align:0;border-radius:1px;min-width:1px}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(330px,1fr));gap:12px;align-items:start}
.two>.card{margin:0}
details{margin:0 0 12px}
summary{cursor:pointer;color:var(--soft);font-size:13.5px;padding:4px 0}
pre{background:var(--card);border:1px solid var(--rule);padding:14px 16px;margin:6px 0 0;overflow:auto;max-height:520px;
  font:12px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.plain{margin:0 0 8px;padding:0 0 0 18px;color:var(--soft);font-size:13.5px}
footer{color:var(--faint);font-size:12.5px;padding-top:30px;padding-bottom:40px}
@media (max-width:640px){main,header,footer,nav div{padding-left:12px;padding-right:12px}nav a{display:none}
  .chart,.card{padding-left:8px;padding-right:8px}svg text{font-size:17px}}
@media print{
  :root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--faint:#666;--rule:#ccc;--mesh:#e8e8e8;--dark:#333;
    --alarm:#c62f28;--alarm-wash:#fff;--warn:#c97c12;--grid:#8b99a6;--solar:#dcb85a;--smr:#74a091;--battery:#9d8bb8;
    --ups:#c3a6bd;--it:#54728f;--it-air:#8fa7bf;--cool:#77b0b2;--loss:#c2b7aa;--warm:#b3693f;--middle:#54728f;--cold:#3f8fae}
  *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
  .tiles{grid-template-columns:repeat(5,1fr)}.tile{padding:8px 10px;break-inside:avoid}.tile .value{font-size:19px}
  nav{display:none}body{font-size:11pt}main,header,footer{max-width:none;padding:0}h2{break-after:avoid}
  pre{max-height:none;white-space:pre-wrap}
}
)css";

}  // namespace ampacity::report
