import java.io.File;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.xml.security.Init;
import org.apache.xml.security.signature.XMLSignature;
import org.w3c.dom.Element;

/** Core validity of record files by Apache Santuario, under the certificate that each shows first. One line a file. */
public class Santuario {
    public static void main(String[] names) throws Exception {
        Init.init();
        for (var name : names) {
            System.out.println(valid(new File(name)) + " " + name);
        }
    }

    static String valid(File file) {
        try {
            var builders = DocumentBuilderFactory.newInstance();
            builders.setNamespaceAware(true);
            builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var document = builders.newDocumentBuilder().parse(file);
            for (var space : new String[][] {{"http://uri.etsi.org/01903/v1.3.2#", "SignedProperties"}, {"http://www.w3.org/2000/09/xmldsig#", "Object"}}) {
                var named = document.getElementsByTagNameNS(space[0], space[1]);
                for (int n = 0; n < named.getLength(); n++) {
                    if (((Element) named.item(n)).hasAttribute("Id")) {
                        ((Element) named.item(n)).setIdAttributeNS(null, "Id", true);
                    }
                }
            }
            var element = (Element) document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature").item(0);
            var signature = new XMLSignature(element, "", true);
            return String.valueOf(signature.checkSignatureValue(signature.getKeyInfo().getX509Certificate()));
        } catch (Exception error) {
            return error.getClass().getSimpleName();
        }
    }
}
