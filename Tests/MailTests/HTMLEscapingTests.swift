import Testing

@testable import Mail

@Suite struct HTMLEscapingTests {
    @Test(
        arguments: zip(
            ["", "a", "<script>&\"'</script>", "a\nb", "&amp;", "ü<", "\n"],
            [
                "", "a", "&lt;script&gt;&amp;&quot;&#39;&lt;/script&gt;", "a<br>b", "&amp;amp;",
                "ü&lt;",
                "<br>",
            ]))
    func `nothing is left that HTML would read`(_ text: String, _ html: String) {
        var bytes: [UInt8] = []
        bytes.append(escaping: text)
        #expect(String(decoding: bytes, as: UTF8.self) == html)
    }
}
