/*
  Warnings:

  - You are about to drop the column `website_id` on the `event` table. All the data in the column will be lost.
  - You are about to drop the column `website_id` on the `pageview` table. All the data in the column will be lost.
  - The primary key for the `session` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - You are about to drop the column `hostname` on the `session` table. All the data in the column will be lost.
  - You are about to drop the column `session_uuid` on the `session` table. All the data in the column will be lost.
  - The primary key for the `website` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - You are about to drop the column `user_id` on the `website` table. All the data in the column will be lost.
  - You are about to drop the column `website_uuid` on the `website` table. All the data in the column will be lost.
  - You are about to drop the `account` table. If the table is not empty, all the data it contains will be lost.
  - A unique constraint covering the columns `[hostname]` on the table `website` will be added. If there are existing duplicate values, this will fail.

*/
