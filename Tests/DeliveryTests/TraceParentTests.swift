import Delivery
import Testing

/// The grammar of the header, by its specification.
///
/// https://www.w3.org/TR/trace-context/#traceparent-header
struct TraceParentTests {
    private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(arguments: [
        good, "00-00000000000000000000000000000001-0000000000000001-00",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ])
    func `what has the shape is kept`(text: String) {
        #expect(TraceParent(text)?.text == text)
    }

    @Test(arguments: ["-what-the-future-will-be-like", "-"])
    func `a later version may have more, which is not kept`(rest: String) {
        let later = "01" + Self.good.dropFirst(2)
        #expect(TraceParent(later + rest)?.text == later)
    }

    @Test(arguments: [
        "", "x", good + "-", good + "x", String(good.dropLast()), good.uppercased(),
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "0\n-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", " " + good,
        "01" + good.dropFirst(2) + "x",
    ])
    func `anything else is none`(text: String) {
        #expect(TraceParent(text) == nil)
    }
}
