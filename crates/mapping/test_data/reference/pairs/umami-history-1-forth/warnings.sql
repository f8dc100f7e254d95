/*
  Warnings:

  - The primary key for the `session` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - The `session_id` column on the `session` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The primary key for the `website` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - The `website_id` column on the `website` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - A unique constraint covering the columns `[session_uuid]` on the table `session` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[website_uuid]` on the table `website` will be added. If there are existing duplicate values, this will fail.
  - Added the required column `website_id` to the `event` table without a default value. This is not possible if the table is not empty.
  - Added the required column `session_id` to the `event` table without a default value. This is not possible if the table is not empty.
  - Added the required column `website_id` to the `pageview` table without a default value. This is not possible if the table is not empty.
  - Added the required column `session_id` to the `pageview` table without a default value. This is not possible if the table is not empty.
  - Added the required column `session_uuid` to the `session` table without a default value. This is not possible if the table is not empty.
  - Added the required column `website_id` to the `session` table without a default value. This is not possible if the table is not empty.
  - Added the required column `user_id` to the `website` table without a default value. This is not possible if the table is not empty.
  - Added the required column `website_uuid` to the `website` table without a default value. This is not possible if the table is not empty.

*/
