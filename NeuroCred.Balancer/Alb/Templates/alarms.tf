# {{mark}}
#
# The same limits as in deploy/prometheus/rules.yml, of what AWS measures by itself.

locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  # Every alarm on fewer tasks than there should be.
  wanted = {
    api   = { service = aws_ecs_service.api.name, tasks = {{min_replicas}} }
    nginx = { service = aws_ecs_service.nginx.name, tasks = {{gateway_instances}} }
  }
}

# Of a few requests one is a large part already: from one in ten seconds on.
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-errors"
  alarm_description   = "More than 1 % of all requests got 5xx. Look at the logs for which, and at what the replicas share: Postgres."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions

  metric_query {
    id          = "percent"
    label       = "5xx, percent of all requests"
    expression  = "IF(requests > 6, 100 * (FILL(targets, 0) + FILL(balancer, 0)) / requests, 0)"
    return_data = true
  }

  # What nginx and the replicas answered, and what the load balancer answered in their place.
  dynamic "metric_query" {
    for_each = {
      targets  = "HTTPCode_Target_5XX_Count"
      balancer = "HTTPCode_ELB_5XX_Count"
      requests = "RequestCount"
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        stat        = "Sum"
        period      = 60
        dimensions  = { LoadBalancer = aws_lb.gateway.arn_suffix }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  alarm_name          = "${var.name}-latency"
  alarm_description   = "One of a hundred requests took more than 1 s, for 5 minutes. Look at Postgres: its processor, its slow queries, its connections."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions

  namespace          = "AWS/ApplicationELB"
  metric_name        = "TargetResponseTime"
  extended_statistic = "p99"
  period             = 60
  # Few requests make no percentile.
  evaluate_low_sample_count_percentiles = "ignore"

  dimensions = {
    LoadBalancer = aws_lb.gateway.arn_suffix
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  alarm_name          = "${var.name}-unhealthy"
  alarm_description   = "A gateway fails its health check, which a replica answers through nginx. Look at the tasks of nginx, then at those of the replicas."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions

  namespace   = "AWS/ApplicationELB"
  metric_name = "UnHealthyHostCount"
  statistic   = "Maximum"
  period      = 60

  dimensions = {
    LoadBalancer = aws_lb.gateway.arn_suffix
    TargetGroup  = aws_lb_target_group.nginx.arn_suffix
  }
}

# ECS measures each task that runs once a minute: so many there are. If none runs, nothing is measured.
resource "aws_cloudwatch_metric_alarm" "missing" {
  for_each = local.wanted

  alarm_name          = "${var.name}-missing-${each.key}"
  alarm_description   = "Fewer tasks of ${each.value.service} run than the ${each.value.tasks} that there should be, for 3 minutes. Look at the service's events."
  comparison_operator = "LessThanThreshold"
  threshold           = each.value.tasks
  evaluation_periods  = 3
  treat_missing_data  = "breaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions

  namespace   = "AWS/ECS"
  metric_name = "CPUUtilization"
  statistic   = "SampleCount"
  period      = 60

  dimensions = {
    ClusterName = aws_ecs_cluster.this.name
    ServiceName = each.value.service
  }
}
