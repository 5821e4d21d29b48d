import Testing

@testable import Mail

/// RFC 4647, section 3.4.
struct LanguageLookupTests {
    @Test(
        arguments: [
            (["de"], "de"), (["de-AT"], "de"), (["DE-at-1996"], "de"), (["pt_BR"], "pt"),
            (["zh"], "zh-Hans"), (["zh-CN"], "zh-Hans"), (["zh-Hans-SG"], "zh-Hans"),
            (["zh-TW"], "en"), (["zh-Hant", "de"], "de"), (["zh-hant-cn"], "en"),
            (["iw"], "he"), (["iw-IL"], "he"), (["en-AU"], "en-GB"), (["en-US"], "en"),
            (["en-GB-oed"], "en-GB"), (["en"], "en"), (["fr-x-quebec"], "fr"), (["sr-Latn"], "en"),
            ([nil, "ja"], "ja"), (["xx", "ko"], "ko"), (["fr", "ko"], "fr"), ([nil, nil], "en"),
            ([], "en"), (["", "uk"], "uk"), (["e", "uk"], "uk"), (["de-"], "de"), (["-"], "en"),
            (["  de  "], "de"), (["de-DE.UTF-8"], "de"), (["de_AT@euro"], "de"),
            (["C.UTF-8", "ko"], "ko"), (["DE"], "de"),
            (["de\"><script>", "nl"], "nl"), (["日本語", "nl"], "nl"),
            ([String(repeating: "a", count: 36), "nl"], "nl"),
        ] as [([String?], String)])
    func `the first that there is`(_ wanted: [String?], _ tag: String) {
        #expect(LanguageLookup.language(wanted).phrases.tag == tag)
    }
}
