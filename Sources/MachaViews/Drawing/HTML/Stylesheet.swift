// SPDX-License-Identifier: MIT

/// How the report looks: calm, light or dark as the reader's system is, on a phone as well as on paper.
///
/// Colour marks only what needs attention, and never alone: the words are there too.
enum Stylesheet {
    static let text: HTML = """
        :root{color-scheme:light dark;--bg:#faf9f7;--card:#fff;--ink:#1f2328;--soft:#626b75;--line:#e4e1dc;--track:#e9e6e1;\
        --fill:#8d97a3;--c:#b4231a;--cb:#fbe9e7;--w:#8a5a00;--wb:#fbf1dc;--u:#6a4fa3;--ub:#f0ebf8;--o:#3f7a58;--ob:#e8f1ec}
        @media(prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1b1f23;--ink:#dde1e5;--soft:#98a1ab;--line:#2b3036;\
        --track:#2d3339;--fill:#76808b;--c:#ff8a80;--cb:#3a1f1e;--w:#e6b450;--wb:#332a17;--u:#bda7ec;--ub:#2a2438;\
        --o:#7fc49b;--ob:#1d2c24}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:88rem;background:var(--bg);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;\
        font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
        h1{font-size:1.5rem;line-height:1.3;font-weight:600;margin:0 0 .25rem;letter-spacing:-.01em}
        h2{font-size:1.1rem;font-weight:600;margin:0;display:flex;gap:.6rem;align-items:baseline;flex-wrap:wrap}
        h3{font-size:.8rem;font-weight:600;color:var(--soft);margin:1.25rem 0 .25rem}
        a{color:inherit;text-decoration:underline;text-decoration-color:var(--line);text-underline-offset:.2em}\
        a:hover{text-decoration-color:currentColor}.v{color:var(--soft);font-size:.78rem;font-weight:400}:target{outline:2px solid var(--fill)}
        p{margin:0}.d,header p,footer,small{color:var(--soft)}small{font-size:.82rem}
        header{margin-bottom:1.5rem}
        .i{display:inline-block;padding:.02rem .5rem;border-radius:1rem;font-size:.8rem;font-weight:600;white-space:nowrap}
        .c .i,.i.c{color:var(--c);background:var(--cb)}.w .i,.i.w{color:var(--w);background:var(--wb)}
        .u .i,.i.u{color:var(--u);background:var(--ub)}.o .i,.i.o{color:var(--o);background:var(--ob)}
        .i.p{color:var(--soft);background:var(--track)}
        .n{display:flex;gap:.4rem;flex-wrap:wrap;margin-top:.75rem}.n .i{font-size:.85rem;padding:.1rem .65rem}
        table{border-collapse:collapse;width:100%}
        .f{background:var(--card);border:1px solid var(--line);border-radius:.6rem;border-spacing:0;\
        border-collapse:separate;overflow:hidden;font-size:.9rem}
        .f td,.f th{padding:.42rem .5rem;text-align:left;vertical-align:middle;border-top:1px solid var(--line);font-weight:400}
        .f thead th{border:0;font-size:.75rem;color:var(--soft);white-space:nowrap;padding-bottom:.3rem}
        .f tr.o th{font-weight:400}.f tr.o .i{background:none;padding-left:0}.f tbody th{font-weight:600;min-width:7rem}
        .f td:nth-child(3){line-height:1.35;min-width:11rem}.f td:first-child,.f th:first-child{padding-left:.9rem}\
        .f td:last-child,.f th:last-child{padding-right:.9rem}
        .l td:nth-child(4),.l td:nth-child(5){white-space:nowrap}.l td:nth-child(6){min-width:8rem}.l td:last-child{min-width:5.5rem}
        .f .k{overflow-wrap:break-word}.s{border:0;margin-top:.5rem}.s .x{margin:0;min-width:9rem}section .s th:first-child{padding-left:0}
        .r{text-align:right!important}
        .b{display:inline-block;width:2.8rem;height:.42rem;border-radius:.25rem;margin-right:.45rem;\
        vertical-align:.05rem;background:linear-gradient(90deg,var(--fill) var(--s),var(--track) 0)}
        .b.w{--fill:var(--w)}.b.c{--fill:var(--c)}
        .q{color:var(--u)}em{font-style:normal;color:var(--w)}em.c{color:var(--c)}
        svg{width:9rem;max-width:100%;height:1.8rem;display:block;overflow:visible}
        path{fill:none;stroke:var(--fill);stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
        circle{fill:var(--ink)}
        td svg{width:3.6rem;max-width:none;height:1.05rem;margin:.1rem 0 0 auto}
        section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.2rem;\
        margin-top:1rem;break-inside:avoid}
        article{margin-top:.9rem;padding-left:.8rem;border-left:3px solid var(--track)}
        article.c{border-color:var(--c)}article.w{border-color:var(--w)}article.u{border-color:var(--u)}
        article p{max-width:46rem}
        pre,code{font:.82rem/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;\
        white-space:pre-wrap;overflow-wrap:anywhere}
        pre{margin:.35rem 0;color:var(--soft)}.x{margin:.3rem 0 .3rem 1.1rem;color:inherit}
        code{background:var(--track);border-radius:.3rem;padding:.08rem .35rem;-webkit-box-decoration-break:clone;\
        box-decoration-break:clone}
        .t{display:flex;gap:1.2rem 2rem;flex-wrap:wrap;margin-top:.9rem}.t figure{margin:0;max-width:100%}
        .t figcaption{font-size:.78rem;color:var(--soft)}
        dl{display:grid;grid-template-columns:fit-content(40%) minmax(0,1fr);gap:.15rem 1.2rem;margin:.2rem 0 0}
        dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        .g{columns:26rem 2;column-gap:3rem}.g>div{break-inside:avoid;overflow:hidden}
        details{margin-top:.4rem}summary{cursor:pointer;color:var(--soft)}
        footer{margin-top:2rem;font-size:.82rem}
        @media(max-width:78rem){.f .k{display:none}}
        @media(max-width:64rem){.l thead{display:none}.l,.l tbody{display:block}\
        .l tr{display:flex;flex-wrap:wrap;gap:.15rem .9rem;align-items:center;padding:.7rem .9rem;border-top:1px solid var(--line)}\
        .l tr:first-child{border:0}.l td,.l th{padding:0!important;border:0;min-width:0}\
        .l th{flex:1 1 8rem}.l td{order:4}.l td:nth-child(2){order:2}\
        .l td:last-child{order:1;font-size:.8rem}.l td:nth-child(3){order:3;flex:1 0 100%}\
        .l td.k{display:none}.l td:nth-child(n+4){font-size:.85rem}.l td::before{color:var(--soft)}\
        .l td:nth-child(4)::before{content:"load "}.l td:nth-child(5)::before{content:"memory "}\
        .l td:nth-child(6)::before{content:"disk "}.l td svg{display:none}}
        @media(max-width:44rem){body{padding:1.25rem .9rem 3rem}h1{font-size:1.25rem}.s thead{display:none}\
        .s,.s tbody,.s tr,.s td,.s th{display:block;min-width:0}.s tr{padding:.5rem 0;border-top:1px solid var(--line)}\
        .s td,.s th{padding:.1rem 0!important;border:0;text-align:left!important}\
        .b{width:2.4rem;margin-right:.3rem}section{padding:.9rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dt{margin-top:.4rem}}
        @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--track:#ddd;--fill:#777;--c:#a00;\
        --cb:#fff;--w:#740;--wb:#fff;--u:#416;--ub:#fff;--o:#252;--ob:#fff}body{padding:0;font-size:10pt;max-width:none}\
        .i{border:1px solid currentColor}.f tr.o .i{border:0}tr,article{break-inside:avoid}section{break-inside:auto}h2{break-after:avoid}\
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """
}
