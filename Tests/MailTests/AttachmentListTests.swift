import Testing

@testable import Mail

@Suite struct AttachmentListTests {
    @Test func `an array is read`() {
        let list = AttachmentList(
            json: """
                [{"name":"a.pdf","url":"https://x.test/a?b=1&c","size":12345},
                 {"name":"no link","url":"javascript:alert(1)","size":-1},
                 {"url":"https://x.test/b","size":"12"}, {"name":null,"extra":[1]}]
                """)
        #expect(!list.isMalformed && list.omitted == 0)
        #expect(list.items.map(\.name) == ["a.pdf", "no link", nil, nil])
        #expect(
            list.items.map { $0.url?.description }
                == ["https://x.test/a?b=1&c", nil, "https://x.test/b", nil])
        #expect(list.items.map(\.size) == [12_345, nil, nil, nil])
    }

    /// A signed link to a store of objects is some 2,500 octets long.
    @Test(arguments: [(3_980, true), (3_981, false)])
    func `a link may be twice as long as others`(_ octets: Int, _ isLinked: Bool) {
        let url = "https://files.test/?" + String(repeating: "s", count: octets)
        let list = AttachmentList(json: "[{\"name\":\"a\",\"url\":\"\(url)\"}]")
        #expect(list.items.map(\.url?.description) == [isLinked ? url : nil])
    }

    @Test(arguments: [nil, "", "  \n", "[]", " null\n"] as [String?])
    func `nothing is an empty list`(_ json: String?) {
        #expect(AttachmentList(json: json) == .empty)
    }

    @Test(arguments: [
        "{", "{}", "1", "[1]", "[null]", "[{\"name\":\"x\"}", "[{\"name\":\"\\ud800\"}]x",
        "\0x",
        "[" + String(repeating: " ", count: AttachmentList.maximumLength) + "]",
        String(repeating: "[", count: 200_000),
    ])
    func `anything else is malformed, not a crash`(_ json: String) {
        let list = AttachmentList(json: json)
        #expect(list.isMalformed && list.items.isEmpty)
    }

    @Test func `at most fifty are listed and names are cleaned`() {
        let one = #"{"name":"a\r\nb\u0000\u2028c","url":"https://x.test/\r\n"}"#
        let list = AttachmentList(
            json: "[" + Array(repeating: one, count: 60).joined(separator: ",") + "]")
        #expect(list.items.count == 50 && list.omitted == 10)
        #expect(list.items.first?.name == "a b c")
    }

    @Test func `a list of ten thousands is counted, not read`() {
        let list = AttachmentList(
            json: "[" + Array(repeating: "{}", count: 80_000).joined(separator: ",") + "]")
        #expect(list.items.count == 50 && list.omitted == 79_950 && !list.isMalformed)
    }

    @Test(arguments: [(0, 0), (20, 0), (21, 1), (42, 2), (1_000, 3)])
    func `as many are listed as there is room for`(_ room: Int, _ count: Int) {
        let list = AttachmentList(
            ["a", "b", "c"].map { Attachment(name: $0, url: nil, size: nil) }
        )
        .fitting(room)
        #expect(list.items.map(\.name) == Array(["a", "b", "c"].prefix(count)))
        #expect(list.omitted == 3 - count)
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (12_345, "12.3 kB"), (9_949, "9.9 kB"),
            (9_950, "10 kB"), (9_995, "10 kB"), (12_350, "12.4 kB"), (999_949, "999.9 kB"),
            (999_950, "1 MB"), (999_999, "1 MB"), (1_000_000, "1 MB"), (1_049_999, "1 MB"),
            (1_050_000, "1.1 MB"), (2_500_000_000, "2.5 GB"), (999_999_999_999, "1 TB"),
            (1_000_000_000_000, "1 TB"), (1_250_000_000_000_000, "1250 TB"),
            (.max, "9223372 TB"),
        ] as [(Int64, String)])
    func `sizes are readable`(_ size: Int64, _ text: String) {
        #expect(SizeStyle().text(size) == text)
    }
}
