import Delivery
import Testing

struct RotationTests {
    @Test func `owners take turns, and each one's own stay in their order`() {
        var rotation = Rotation<String>()
        for name in ["a1", "a2", "a3", "b1", "a4", "c1", "c2"] {
            rotation.append(name, of: String(name.prefix(1)))
        }
        #expect(rotation.count == 7 && rotation.ownerCount == 3)
        var order: [String] = []
        while let next = rotation.popFirst() { order.append(next) }
        #expect(order == ["a1", "b1", "c1", "a2", "c2", "a3", "a4"])
        #expect(rotation.isEmpty && rotation.count == 0 && rotation.ownerCount == 0)
    }

    @Test func `an owner that comes back stands behind the others`() {
        var rotation = Rotation<Int>()
        rotation.append(1, of: "a")
        let alone = [rotation.popFirst(), rotation.popFirst()]
        #expect(alone == [1, nil])
        rotation.append(2, of: "b")
        rotation.append(3, of: "a")
        let order = [rotation.popFirst(), rotation.popFirst(), rotation.popFirst()]
        #expect(order == [2, 3, nil])
    }
}
