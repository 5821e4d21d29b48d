/// The looks of a helpdesk's logo, which other mails go without.
///
/// A logo is often dark on a transparent ground, so where a mail is dark it stands on a light chip: in the system's dark
/// scheme, in Outlook.com's, and with a palette of the reader's own. Outlook.com rewrites colours by itself and marks
/// with `data-ogsc` and `data-ogsb` what it has rewritten; there texts and lines get the dark colours of ``HTMLStyle`` on
/// Outlook.com's ground. Apps that turn the colours of a light page over would do so with the chip, but leave a shadow
/// alone, which is not seen on white. While the logo is not loaded its alternative text stands there, so that the chip
/// has a colour for text, too.
///
/// SpamAssassin takes a mail with a picture and less than some 3,200 octets of HTML for an advertisement
/// (`HTML_IMAGE_ONLY_24`, `_28` and `_32`: up to 2.8 points of 5): with this style none is as short.
enum LogoStyle {
    /// No larger than this, and in its own proportions.
    static let image =
        "display:inline-block;width:auto;height:auto;max-width:200px;max-height:32px;border:0;vertical-align:middle"

    /// Outlook for Windows knows neither `max-width` nor `auto`: from the height alone it finds the width.
    static let height = 32

    static let head = Boilerplate(
        """
        <style>
        .g{object-fit:contain;font-size:14px;line-height:1.5;font-weight:600}
        .g{filter:drop-shadow(0 0 1px #ffffff) drop-shadow(0 0 2px #ffffff)}
        @media (prefers-color-scheme:dark){
        .g{\(chip)}
        }
        [data-ogsb] .g,.g[data-ogsb]{\(chip)}
        [data-ogsc] .g,.g[data-ogsc]{color:#1d2126!important}
        [data-ogsb] pre,pre[data-ogsb]{background-color:#22262b!important}
        [data-ogsb] .f,[data-ogsb] .s,.f[data-ogsb],.s[data-ogsb]{border-color:#3c4148!important}
        [data-ogsc] .b,.b[data-ogsc]{color:#e8eaed!important}
        [data-ogsc] .m,.m[data-ogsc]{color:#a6adb7!important}
        [data-ogsc] .b a:not(.c),.b a:not(.c)[data-ogsc]{color:#8ab4f8!important}
        @media (forced-colors:active){
        .g{forced-color-adjust:none!important;\(chip)}
        }
        @media print{
        .g{background:none!important;color:#1d2126!important;padding:0!important;filter:none!important;break-inside:avoid}
        body,.b{background:none!important;color:#000000!important}
        .m,.b a:not(.c){color:#000000!important}
        .f,.s{border-color:#767676!important}
        pre{background:none!important;border:1px solid #767676!important}
        }
        </style>

        """)

    /// Outlook.com rewrites a colour, but no gradient.
    private static let chip = """
        background-color:#ffffff!important;background-image:linear-gradient(#ffffff,#ffffff)!important;\
        color:#1d2126!important;padding:6px 8px!important;border-radius:6px!important;filter:none!important
        """
}
