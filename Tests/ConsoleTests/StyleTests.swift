import Testing

@testable import Console

struct StyleTests {
    @Test(arguments: [
        (true, ["TERM": "xterm-256color"], true), (true, ["TERM": "vt100", "NO_COLOR": ""], true),
        (true, ["TERM": "xterm", "NO_COLOR": "1"], false), (true, ["TERM": "dumb"], false),
        (true, ["TERM": ""], false), (true, [:], false), (false, ["TERM": "xterm"], false),
    ])
    func `Colour is for terminals that want it`(
        isTerminal: Bool, environment: [String: String], isOn: Bool
    ) {
        let style = Style(isTerminal: isTerminal, environment: environment)
        #expect(style("no relay", .red) == (isOn ? "\u{1B}[31mno relay\u{1B}[0m" : "no relay"))
        #expect(style("", .dim).isEmpty)
    }
}
