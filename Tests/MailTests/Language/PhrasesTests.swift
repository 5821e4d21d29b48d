import Delivery
import Testing

@testable import Mail

/// Whoever adds a language learns here what it lacks.
struct PhrasesTests {
    private static let tags = Phrases.tags

    private func phrases(_ tag: String) throws -> Phrases {
        try #require(Phrases.all.first { $0.tag == tag })
    }

    /// From a property's name to what it holds, through everything that stands in a language's file.
    private func strings(of phrases: Phrases) -> [(name: String, text: String)] {
        Mirror(reflecting: phrases).children.flatMap { child -> [(String, String)] in
            let name = child.label ?? ""
            return switch child.value {
            case let text as String: [(name, text)]
            case let template as Template: [(name, template.filled("x"))]
            default: []
            }
        }
    }

    private func templates(of phrases: Phrases) -> [(name: String, template: Template)] {
        Mirror(reflecting: phrases).children.compactMap { child in
            (child.value as? Template).map { (child.label ?? "", $0) }
        }
    }

    @Test func `there are sixteen languages, and English twice`() {
        #expect(
            Set(Self.tags) == [
                "en", "en-GB", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ru", "uk", "ar",
                "he", "ja", "zh-Hans", "ko",
            ])
        #expect(Self.tags.count == Set(Self.tags).count && Self.tags[0] == "en")
    }

    @Test(arguments: tags) func `no phrase is missing or left in English`(_ tag: String) throws {
        let found = strings(of: try phrases(tag))
        #expect(found.count > 20)
        for (name, text) in found {
            #expect(!text.isEmpty && !text.contains("{") && !text.hasPrefix(" "), "\(tag) \(name)")
        }
        guard !tag.hasPrefix("en") else { return }
        let english = Dictionary(
            uniqueKeysWithValues: strings(of: .english).map { ($0.name, $0.text) })
        let same = found.filter { english[$0.name] == $0.text }.map(\.name)
        // German and French say "Support" and "Conversation" as English does.
        #expect(same.filter { !["support", "colon", "comma"].contains($0) } == [], "\(tag)")
    }

    @Test(arguments: tags) func `each template has its place`(_ tag: String) throws {
        for (name, template) in templates(of: try phrases(tag)) {
            #expect(template.hasPlace, "\(tag) \(name)")
        }
    }

    /// CLDR's categories of each language, for whole numbers below a million.
    private static let forms: [String: [PluralRule.Form]] = [
        "ar": [.zero, .one, .two, .few, .many, .other], "he": [.one, .two, .other],
        "pl": [.one, .few, .many], "ru": [.one, .few, .many], "uk": [.one, .few, .many],
        "ja": [.other], "ko": [.other], "zh-Hans": [.other],
    ]

    @Test(arguments: tags) func `what counts has each form that the language needs`(
        _ tag: String
    ) throws {
        let phrases = try phrases(tag)
        let expected = Self.forms[tag] ?? [.one, .other]
        #expect(phrases.plurals.forms == expected)
        #expect(phrases.moreAttachments.present == Set(expected))
        for count in [0, 1, 2, 3, 5, 11, 21, 22, 25, 100, 101, 111, 1_000] {
            let text = phrases.moreAttachments.text(count, phrases.plurals)
            #expect(!text.isEmpty && !text.contains("{"), "\(tag) \(count)")
            // Where the number is not written, the form says it.
            #expect(text.contains(String(count)) || count <= 2, "\(tag) \(count): \(text)")
        }
    }

    @Test(arguments: tags) func `dates have their months, and no field that there is not`(
        _ tag: String
    ) throws {
        let dates = try phrases(tag).dates
        #expect(dates.unknownFields == [])
        #expect(dates.months.isEmpty || Set(dates.months).count == 12)
        for hour in [0, 9, 12, 23] {
            let time = CalendarTime(
                .init(milliseconds: 1_795_305_600_000 + Int64(hour) * 3_600_000 + 300_000))
            let text = dates.text(of: time)
            #expect(text.contains("2026") && text.contains("22") && text.contains(":05"), "\(text)")
        }
    }

    @Test(
        arguments: [
            ("en", "Nov 22, 2026, 5:40 PM"), ("en-GB", "22 Nov 2026, 17:40"),
            ("de", "22. Nov. 2026, 17:40"), ("fr", "22 nov. 2026 à 17:40"),
            ("es", "22 nov 2026, 17:40"), ("pt", "22 de nov. de 2026, 17:40"),
            ("it", "22 nov 2026, 17:40"), ("nl", "22 nov 2026, 17:40"),
            ("pl", "22 lis 2026, 17:40"), ("tr", "22 Kas 2026 17:40"),
            ("ru", "22 нояб. 2026\u{A0}г., 17:40"), ("uk", "22 лист. 2026\u{A0}р., 17:40"),
            ("ar", "22 نوفمبر 2026، 5:40 م"), ("he", "22 בנוב׳ 2026, 17:40"),
            ("ja", "2026年11月22日 17:40"), ("zh-Hans", "2026年11月22日 17:40"),
            ("ko", "2026년 11월 22일 오후 5:40"),
        ])
    func `a moment in each language`(_ tag: String, _ text: String) throws {
        let time = CalendarTime(.init(milliseconds: 1_795_369_200_000))
        #expect(try phrases(tag).dates.text(of: time) == text)
    }

    @Test func `the first of a month is an ordinal in French`() throws {
        let time = CalendarTime(.init(milliseconds: 1_793_491_200_000))
        #expect(try phrases("fr").dates.text(of: time) == "1er nov. 2026 à 00:00")
        #expect(try phrases("de").dates.text(of: time) == "1. Nov. 2026, 00:00")
    }

    @Test func `a name that ends its sentence brings the full stop`() {
        #expect(
            Phrases.english.reason.filled("Acme Inc.")
                == "You get this because you wrote to Acme Inc.")
    }

    @Test(arguments: [
        ("en", "12.3 kB"), ("de", "12,3 kB"), ("fr", "12,3\u{A0}ko"), ("ru", "12,3 кБ"),
        ("ar", "12.3 كيلوبايت"),
    ])
    func `a size in some`(_ tag: String, _ text: String) throws {
        #expect(try phrases(tag).sizes.text(12_345) == text)
        #expect(try phrases(tag).sizes.units.count == 5)
    }
}

extension DateStyle {
    fileprivate func text(of time: CalendarTime) -> String {
        var bytes: [UInt8] = []
        append(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
