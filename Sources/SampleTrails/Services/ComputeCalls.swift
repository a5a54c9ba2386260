extension Call {
  /// EC2 and Lambda.
  static let computeCalls = [
    Call(
      source: "ec2.amazonaws.com", name: "DescribeInstances", weight: 60,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("maxResults", 1_000)
          parameters.object("instancesSet") { set in
            set.array("items") { items in
              items.object { $0.field("instanceId", scene.instance) }
            }
          }
          parameters.field("filterSet", lexeme: "{}")
        }
      }),
    Call(
      source: "ec2.amazonaws.com", name: "DescribeNetworkInterfaces", weight: 30,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("networkInterfaceIdSet", lexeme: "{}")
          parameters.object("filterSet") { set in
            set.array("items") { items in
              items.object { item in
                item.field("name", "attachment.instance-id")
                item.object("valueSet") { values in
                  values.array("items") { $0.object { $0.field("value", scene.instance) } }
                }
              }
            }
          }
        }
      }),
    Call(
      source: "ec2.amazonaws.com", name: "RunInstances", weight: 6, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.object("instancesSet") { set in
            set.array("items") { items in
              items.object { item in
                item.field("imageId", "ami-0abcdef1234567890")
                item.field("minCount", 1)
                item.field("maxCount", 2)
              }
            }
          }
          parameters.field("instanceType", "m7g.large")
          parameters.field("monitoring", lexeme: #"{"enabled":false}"#)
          parameters.field("disableApiTermination", false)
          parameters.field("clientToken", scene.random.uuid())
        }
      },
      response: { json, scene in
        json.object("responseElements") { response in
          response.field("requestId", scene.random.uuid())
          response.field("reservationId", "r-0" + scene.random.text(16, of: .hex))
          response.object("instancesSet") { set in
            set.array("items") { items in
              for index in 0..<2 {
                items.object { item in
                  item.field("instanceId", "i-0" + scene.random.text(16, of: .hex))
                  item.field("imageId", "ami-0abcdef1234567890")
                  item.field("instanceState", lexeme: #"{"code":0,"name":"pending"}"#)
                  item.field("amiLaunchIndex", index)
                  item.field("instanceType", "m7g.large")
                  item.field("launchTime", scene.time.seconds * 1_000)
                  item.field("privateIpAddress", "10.0.\(index).\(scene.random.within(4...250))")
                  item.field("sourceDestCheck", true)
                }
              }
            }
          }
        }
      }),
    // Two keys that differ in their case only, as EC2 writes them.
    Call(
      source: "ec2.amazonaws.com", name: "CreateNatGateway", weight: 2, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.object("CreateNatGatewayRequest") { request in
            request.field("AllocationId", "eipalloc-0" + scene.random.text(16, of: .hex))
            request.field("tag", lexeme: #"{"Key":"kubernetes.io/role","Value":"egress"}"#)
            request.field("Tag", lexeme: #"[{"Key":"aws:eks:cluster-name","Value":"blue"}]"#)
          }
        }
      }),
    Call(
      source: "lambda.amazonaws.com", name: "Invoke", weight: 30, readOnly: false, category: .data,
      apiVersion: "2015-03-31",
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("functionName", scene.arn("lambda", "function:orders"))
          parameters.field("invocationType", "RequestResponse")
        }
      },
      response: { json, scene in
        json.null("responseElements")
        json.object("additionalEventData") { data in
          data.field("customerEniId", "eni-0" + scene.random.text(16, of: .hex))
        }
      },
      resource: { ($0.arn("lambda", "function:orders"), "AWS::Lambda::Function") }),
    Call(
      source: "lambda.amazonaws.com", name: "GetFunctionConfiguration20150331v2", weight: 10,
      apiVersion: "2015-03-31",
      request: { json, _ in
        json.object("requestParameters") { $0.field("functionName", "orders") }
      }),
  ]
}
