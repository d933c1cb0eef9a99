package lib.report;

/**
 * How the page looks. Colours have a contrast of at least 4.5 to what they are on, as <a
 * href="https://www.w3.org/TR/WCAG22/#contrast-minimum">WCAG 2.2, AA</a> demands. There is no child
 * combinator: in XML that character would be written as an entity, which is none in a style.
 */
final class HtmlStyle {

  static final String CSS =
      """

      :root {
        color-scheme: light dark;
        --paper: #fbfaf8; --card: #ffffff; --code: #f3f1ed; --line: #e2dfd9;
        --ink: #1d2125; --dim: #5a626b; --bar: #b9c0c8; --link: #1a5aa0;
        --passed: #1b6b3a; --failed: #b3261e; --warning: #7d5300; --unverified: #6a3d9a;
        --passed-wash: #e8f4ec; --failed-wash: #fcebea; --warning-wash: #fcf2dc;
        --unverified-wash: #f2ebfa;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #14171a; --card: #1c2024; --code: #262b30; --line: #32383e;
          --ink: #e6e8ea; --dim: #a0a9b2; --bar: #5d6873; --link: #8fbcf0;
          --passed: #76d39a; --failed: #ff9389; --warning: #efc15b; --unverified: #cdaeff;
          --passed-wash: #17301f; --failed-wash: #3b1e1c; --warning-wash: #352a12;
          --unverified-wash: #2c2240;
        }
      }
      .passed { --tone: var(--passed); --wash: var(--passed-wash); }
      .failed { --tone: var(--failed); --wash: var(--failed-wash); }
      .warning { --tone: var(--warning); --wash: var(--warning-wash); }
      .unverified { --tone: var(--unverified); --wash: var(--unverified-wash); }
      .info { --tone: var(--link); --wash: var(--card); }
      .skipped { --tone: var(--dim); --wash: var(--card); }

      * { box-sizing: border-box; }
      html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
      body {
        max-width: 70em; margin: 0 auto; padding: 2rem 1.5rem 4rem;
        font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
      }
      code, pre, .exchanges ol { font-family: ui-monospace, monospace; font-size: .875em; }
      h1, h2, h3, p, ol, ul, dl, pre { margin: 0; }
      a { color: var(--link); }
      summary { cursor: pointer; }
      :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }

      header { background: var(--wash); border-radius: .75rem; padding: 1.75rem 2rem; }
      header p, header pre, header ul { margin-top: .6rem; }
      h1 { font-size: 1.9rem; line-height: 1.25; color: var(--tone); }
      .mark { color: var(--tone); font-weight: 700; }
      header .counts { font-size: 1.1rem; margin-top: .35rem; }
      .strip { display: flex; gap: 2px; height: .5rem; margin-top: 1.1rem; }
      .strip span { background: var(--tone); flex: 0 0 .3rem; border-radius: 1px; }
      .strip .skipped { background: var(--bar); }

      section { margin-top: 2.75rem; }
      h2 { font-size: 1.25rem; line-height: 1.3; margin-bottom: .9rem; }
      dl { columns: 20rem 2; column-gap: 2rem; }
      dl div {
        display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); padding: .15rem 0;
        break-inside: avoid;
      }
      dt { color: var(--dim); }
      dd { margin: 0; }

      .finding {
        background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--tone);
        border-radius: .5rem; padding: 1.1rem 1.4rem; margin-top: 1rem;
      }
      .finding h3 { display: inline; font-size: 1.05rem; }
      .finding .word { color: var(--tone); }
      .finding pre, .finding ul, .finding p, .more pre, .more ul, .more p { margin-top: .7rem; }
      .finding .place, .more .place { color: var(--dim); font-size: .875rem; margin-top: .25rem; }
      .place code, .place span { margin-right: 1em; }
      .facts { list-style: none; padding: 0; }
      .facts li { display: flex; gap: .5rem; padding: .1rem 0; }
      .facts b { flex: 0 0 6.25rem; color: var(--dim); font-weight: 400; white-space: nowrap; }
      .facts span { min-width: 0; white-space: pre-wrap; }
      pre {
        background: var(--code); border-radius: .375rem; padding: .7rem .9rem;
        white-space: pre-wrap; line-height: 1.5;
      }
      .exchanges { margin-top: .7rem; font-size: .9375rem; }
      .exchanges summary { color: var(--dim); }
      .exchanges ol { padding-left: 1.75rem; margin-top: .4rem; }

      .all h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
      .all ol { padding: 0; list-style: none; }
      .all li { border-top: 1px solid var(--line); padding: .35rem 0; }
      .all li li { border: 0; padding: .1rem 0; }
      .all .exchanges ol { padding-left: 1.75rem; list-style: decimal; }
      .row {
        display: grid; grid-template-columns: minmax(0, 1fr) 9rem 4.5rem .75rem; gap: 0 1rem;
        align-items: baseline; list-style: none;
      }
      summary.row::after { content: "\\25B8"; color: var(--dim); }
      [open] summary.row::after { content: "\\25BE"; }
      .row .name { padding-left: 1.5rem; text-indent: -1.5rem; }
      .row .mark { display: inline-block; width: 1.2rem; text-indent: 0; }
      .row .word { color: var(--tone); }
      .passed .row .word {
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      }
      .skipped .row .name { grid-column: 1 / -1; }
      .remark, .reason, .skipped .title { color: var(--dim); }
      .reason { padding-left: 1.5rem; font-size: .9375rem; }
      .bar { height: .5rem; }
      .bar span { display: block; height: 100%; background: var(--bar); border-radius: 0 .2rem .2rem 0; }
      .seconds { text-align: right; font-variant-numeric: tabular-nums; }
      .more { padding: .1rem 0 .8rem 1.5rem; font-size: .9375rem; }

      .exchanges li, .reason { white-space: pre-wrap; }

      @media (max-width: 40em) {
        body { padding: 1rem 1rem 3rem; }
        header { padding: 1.25rem; }
        h1 { font-size: 1.5rem; }
        .finding { padding: .9rem 1rem; }
        .facts li { display: block; }
        .row { grid-template-columns: minmax(0, 1fr) 3rem 3.75rem .75rem; gap: 0 .5rem; }
      }
      @media print {
        :root {
          color-scheme: light;
          --paper: #fff; --card: #fff; --code: #fff; --line: #999; --bar: #000; --wash: #fff;
          --ink: #000; --dim: #000; --link: #000;
          --passed: #000; --failed: #000; --warning: #000; --unverified: #000;
          --passed-wash: #fff; --failed-wash: #fff; --warning-wash: #fff; --unverified-wash: #fff;
        }
        body { max-width: none; padding: 0; }
        html { font-size: 9.5pt; }
        summary { list-style: none; }
        summary::-webkit-details-marker, summary.row::after { display: none; }
        header { border: 1.5pt solid #000; padding: 1rem 1.25rem; }
        .strip { display: none; }
        pre { border: .5pt solid #999; }
        section { margin-top: 1.5rem; }
        .finding, .all li { break-inside: avoid; }
        h2, h3, summary { break-after: avoid; }
        .bar span { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        details::details-content { content-visibility: visible; display: block; }
      }
      """;

  private HtmlStyle() {}
}
